import assert from "node:assert/strict";
import fc from "fast-check";
import { linesPlot, spread } from "../../../../pipeline/display/plots/lines.ts";

const text = { title: "α & co", x: "step", y: "α" };
const line = (label: string, ...ys: number[]) => ({ label, points: ys.map((y, x) => ({ x, y })) });

/** The curves of a drawing, as lists of coordinates. */
const curves = (svg: string) =>
  [...svg.matchAll(/<path [^>]*?d="(M[^"]*)"/g)].map(([, d]) =>
    d.slice(1).split("L").map((xy) => xy.split(",").map(Number))
  );

Deno.test("each series is a curve, named at its end", () => {
  const { svg } = linesPlot([line("k = 3", 0, 1, 2), line("k = 5", 0, -1, -2)], text);
  const [three, five] = curves(svg).filter((points) => points.length === 3);
  assert.ok(three[0][1] === five[0][1] && three[2][1] < five[2][1]); // y grows downwards in a drawing
  assert.ok(Math.abs(three[0][1] - three[2][1] - (five[2][1] - five[0][1])) < 1e-9);
  assert.ok(svg.includes(">k = 3<") && svg.includes(">k = 5<") && svg.includes('aria-label="α &amp; co"'));
});

/** [curves] Colour and dashes of each line, in drawing order. */
const strokes = (svg: string) =>
  [...svg.matchAll(/<g ([^>]*aria-label="line"[^>]*)>/g)].map(([, attributes]) => ({
    stroke: / stroke="([^"]*)"/.exec(attributes)![1],
    dashes: /stroke-dasharray="([^"]*)"/.exec(attributes)?.[1],
    offset: /stroke-dashoffset="([^"]*)"/.exec(attributes)?.[1],
  }));

Deno.test("curves that are equal are one line in the colours of all, each with its label", () => {
  const [first, second, third, fourth] = ["#3d85c6", "#d27d2d", "#3f9a5a", "#d1575d"];
  const whole = { dashes: undefined, offset: undefined };
  const { svg } = linesPlot([
    line("k = 1", 0, 1, 2),
    line("k = 3", 0, -1, -2),
    line("k = 2", 0, 1, 2 + 1e-6),
    line("begun", 0, 1),
  ], text);
  assert.deepEqual(strokes(svg), [
    { stroke: first, ...whole },
    { stroke: second, ...whole },
    { stroke: third, dashes: "9 18", offset: "-9" },
    { stroke: fourth, dashes: "9 18", offset: "-18" },
  ]);
  for (const label of ["k = 1", "k = 2", "k = 3"]) assert.ok(svg.includes(`>${label}<`), label);
  const radii = [...svg.matchAll(/<circle r="([\d.]+)"/g)].map(([, r]) => Number(r).toFixed(2));
  assert.deepEqual(radii, ["3.50", "3.50", "2.33", "1.17"]);
});

Deno.test("curves that can be told apart are whole, also where they cross, meet at both ends, or begin alike", () => {
  const apart = [
    line("up", 0, 1, 2),
    line("down", 2, 1, 0),
    line("along", 0, 0, 2),
    line("alike", 0, 1, 1.9),
  ];
  const far = { label: "straight", points: [{ x: 0, y: 0 }, { x: 2, y: 2 }] }, round = line("round", 0, 2, 2);
  for (const series of [apart, [far, round]]) {
    assert.deepEqual(
      strokes(linesPlot(series, text).svg).map(({ dashes }) => dashes),
      series.map(() => undefined),
    );
  }
  // Only constants, one of which has only its end points.
  const ends = { label: "all equal", points: [{ x: 0, y: 1 }, { x: 2, y: 1 }] };
  assert.deepEqual(
    strokes(linesPlot([line("entropy", 1, 1, 1), ends], text).svg).map(({ dashes }) => dashes),
    [
      undefined,
      "9 9",
    ],
  );
});

Deno.test("moments are marked, and what is no number leaves a series and not the plot", () => {
  const { svg } = linesPlot([line("loss", 1, NaN, 0.5), line("none", NaN)], {
    ...text,
    moments: [{ x: 2, label: "best" }],
  });
  assert.ok(
    svg.includes(">best<") && svg.includes(">loss<") && !svg.includes(">none<") && !svg.includes("NaN"),
  );
  assert.ok(!linesPlot([], text).svg.includes("NaN"));
  assert.ok(!linesPlot([line("one", 3)], text).svg.includes("NaN"));
});

Deno.test("a difference of rounding is no difference", () => {
  const entropy = Math.log(5),
    ticks = (svg: string) => [...svg.matchAll(/>([^<]+)<\/text>/g)].map(([, t]) => t);
  const { svg } = linesPlot([line("even", entropy, entropy + 2e-16, entropy)], text);
  assert.deepEqual(ticks(svg), ticks(linesPlot([line("even", entropy, entropy, entropy)], text).svg));
  const [small] = curves(linesPlot([line("small", entropy, entropy * (1 + 1e-6))], text).svg)
    .filter((points) => points.length === 2 && points[0][0] < points[1][0]);
  assert.ok(small[0][1] - small[1][1] > 50, "a small one is seen");
});

Deno.test("an axis begins at zero where the distance from it counts", () => {
  const close = line("close", 1.098, 1.097),
    place = (least?: number) =>
      curves(linesPlot([close], { ...text, least }).svg).filter((points) =>
        points.length === 2 && points[0][0] < points[1][0]
      )[0][1][1];
  assert.ok(place() - place(0) > 50, "what nearly is the most lies at the top");
});

Deno.test("long series are thinned, their ends kept", () => {
  const [long] = curves(linesPlot([line("long", ...Array.from({ length: 5000 }, (_, i) => i))], text).svg)
    .toSorted((a, b) => b.length - a.length);
  assert.equal(long.length, 400);
  const [short] = curves(
    linesPlot([{ label: "long", points: [0, 2500, 4999].map((x) => ({ x, y: x })) }], text).svg,
  )
    .filter((points) => points.length === 3);
  assert.deepEqual([long[0], long.at(-1)], [short[0], short[2]]);
});

Deno.test("labels are moved no further than need be", () => {
  assert.deepEqual(spread([0.1, 0.5, 0.9], 0.2, [0, 1]), [0.1, 0.5, 0.9]);
  assert.deepEqual(spread([5, 5], 2, [0, 10]), [4, 6]);
  assert.deepEqual(spread([10, 9.5, 0], 2, [0, 10]), [10, 8, 0]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 10 }), (values) => {
      const placed = spread(values, 10, [0, 100]);
      const sorted = placed.toSorted((a, b) => a - b);
      assert.ok(sorted.every((y, i) => i === 0 || y - sorted[i - 1] > 10 - 1e-9));
      assert.ok(values.every((a, i) => values.every((b, j) => a >= b || placed[i] < placed[j])));
      assert.ok(placed.every((y) => y >= -1e-9 && y <= 100 + 1e-9));
    }),
    { seed: 1 },
  );
});

Deno.test("an axis of whole numbers has whole ticks, one of measures has several however short it is", () => {
  const text = { title: "t", x: "x", y: "y" };
  const ticks = (...xs: number[]) => {
    // The values on the other axis are above a thousand.
    const { svg } = linesPlot([{ label: "one", points: xs.map((x) => ({ x, y: 5000 + x })) }], text);
    return [...svg.matchAll(/>([\d.]+)<\/text>/g)].map(([, tick]) => tick).filter((tick) =>
      Number(tick) < 1000
    );
  };
  assert.deepEqual(ticks(1, 2, 3), ["1", "2", "3"]);
  assert(ticks(0.25, 1.1, 2).length >= 4, ticks(0.25, 1.1, 2).join());
});

Deno.test("a single epoch is no 1.0", () => {
  const { svg } = linesPlot([{ label: "loss", points: [{ x: 1, y: 5.3 }] }], text);
  assert.match(svg, />1<\/text>/);
  assert.doesNotMatch(svg, />1\.0<\/text>/);
});

Deno.test("where a value stands until the next one, a curve has no slopes", () => {
  const slopes = (steps?: boolean) => {
    const [points] = curves(linesPlot([line("best", 0, 0, 2)], { ...text, steps }).svg).filter((points) =>
      points.length > 2
    );
    return points.slice(1).filter(([x, y], i) => x !== points[i][0] && y !== points[i][1]).length;
  };
  assert.deepEqual([slopes(), slopes(true)], [1, 0]);
});

Deno.test("measured points have dots, and bars of a standard deviation that the axis has room for", () => {
  const points = [1, 2].map((x) => ({ x, y: 0.3438 + x / 1e5, sd: 0.003 }));
  const shown = (curves: { label: string; points: { x: number; y: number; sd?: number }[] }[]) => {
    const { svg } = linesPlot(curves, { ...text, dots: true });
    const [, rules = ""] = /aria-label="rule">((?:<line [^>]*>)+)/.exec(svg) ?? [];
    const bars = [...rules.matchAll(/<line y2="([\d.]+)" y1="([\d.]+)" x2="[\d.]+" x1="([\d.]+)"/g)];
    return { svg, bars: bars.map((bar) => bar.slice(1).map(Number)) };
  };
  const { svg, bars } = shown([{ label: "one", points }]);
  assert.equal(bars.length, 2);
  const dots = [...svg.matchAll(/<circle r="3.5" cy="([\d.]+)" cx="([\d.]+)"/g)].map(([, y, x]) => [+x, +y]);
  assert.equal(dots.length, 2);
  for (const [i, [high, low, x]] of bars.entries()) {
    assert(Math.abs(x - dots[i][0]) < 1, "a bar goes through its dot");
    assert(Math.abs((low + high) / 2 - dots[i][1]) < 1e-6 && low - high > 100, `${low} to ${high}`);
    assert(high > 28 && low < 250 - 44, "the bar ends within the axes");
  }
  assert.match(svg, /one: 0\.3438 ± 0\.003/);
  const [first] = points;
  assert.equal(shown([{ label: "one seed", points: [{ x: 1, y: 2 }, { ...first, sd: 0 }] }]).bars.length, 0);
});
