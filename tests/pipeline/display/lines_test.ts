import assert from "node:assert/strict";
import fc from "fast-check";
import { linesPlot, spread } from "../../../pipeline/display/lines.ts";

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
  assert.ok(three[0][1] === five[0][1] && three[2][1] < five[2][1]); // the y of a drawing grows downwards
  assert.ok(Math.abs(three[0][1] - three[2][1] - (five[2][1] - five[0][1])) < 1e-9);
  assert.ok(svg.includes(">k = 3<") && svg.includes(">k = 5<") && svg.includes('aria-label="α &amp; co"'));
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
    // What stands on the other axis is above a thousand.
    const { svg } = linesPlot([{ label: "one", points: xs.map((x) => ({ x, y: 5000 + x })) }], text);
    return [...svg.matchAll(/>([\d.]+)<\/text>/g)].map(([, tick]) => tick).filter((tick) =>
      Number(tick) < 1000
    );
  };
  assert.deepEqual(ticks(1, 2, 3), ["1", "2", "3"]);
  assert(ticks(0.25, 1.1, 2).length >= 4, ticks(0.25, 1.1, 2).join());
});
