/** Names in drawings: they stay inside, apart from each other and from what is drawn, however long they are. */
import assert from "node:assert/strict";
import { intervalsPlot } from "../../../../pipeline/display/plots/intervals.ts";
import { linesPlot } from "../../../../pipeline/display/plots/lines.ts";
import { parallelPlot } from "../../../../pipeline/display/plots/parallel.ts";
import { scatterPlot } from "../../../../pipeline/display/plots/scatter.ts";

const text = { title: "t", x: "seconds", y: "NDCG" };
/** Approximate width of a character in pixels. */
const CHARACTER = 6.5;
const LONG =
  "a name that somebody made of all the options that there are, and of some that there are not, seed ";

const widthOf = (svg: string) => Number(/ width="([\d.]+)"/.exec(svg)![1]);

const shift = (attributes: string) =>
  (/translate\(([-\d.]+),([-\d.]+)\)/.exec(attributes) ?? ["", "0", "0"]).slice(1).map(Number);

/** Texts of a drawing that contain a word, and their places. */
function labels(svg: string, word: string) {
  const groups = [...svg.matchAll(/<g([^>]*)>((?:<text[^>]*>[^<]*<\/text>)+)<\/g>/g)];
  return groups.flatMap(([, group, texts]) =>
    [...texts.matchAll(/<text([^>]*)>([^<]*)</g)].filter(([, , label]) => label.includes(word)).map(
      ([, own, label]) => {
        const [dx, dy] = shift(group), [x, y] = shift(own), width = CHARACTER * label.length;
        const left = x + dx - (group.includes('text-anchor="end"') ? width : 0);
        return { label, left, right: left + width, y: y + dy };
      },
    )
  );
}

Deno.test("points' names stay within the drawing, and above its axis", () => {
  const points = [
    { label: "best", x: 12, y: 0.3 },
    ...[3.5, 3.7, 6, 6.2].map((x, i) => ({ label: `${LONG}${i}`, x, y: 0.087 + i / 1000 })),
    { label: `${LONG}5`, x: 400, y: 0.09 },
  ];
  const { svg } = scatterPlot(points, text), found = labels(svg, "…");
  assert.equal(found.length, 5);
  const bottom = 310 - 44; // the height of the drawing minus that of the axis
  for (const { label, left, right, y } of found) {
    assert(left >= 0 && right <= widthOf(svg), `${label}: ${left} to ${right}`);
    assert(y > 0 && y <= bottom, `${label}: ${y}`);
    assert.match(label, /…(.* )?\d$/, "its end tells it from others");
  }
  for (const [i, a] of found.entries()) {
    for (const b of found.slice(i + 1)) {
      assert(
        a.left >= b.right || b.left >= a.right || Math.abs(a.y - b.y) >= 14,
        `${a.label} lies on ${b.label}`,
      );
    }
  }
});

Deno.test("of points close together each name is on a side with room, or a line leads to it", () => {
  const places = [
    ...[[0.1581, 120], [0.1374, 40], [0.141, 38], [0.1147, 12], [0.151, 42], [0.1515, 41]],
    ...[[0.1391, 44], [0.1395, 39], [0.15, 43], [0.1512, 118], [0.1508, 45]],
  ];
  const points = places.map(([y, x], i) => ({
    label: `row ${i}${i === 9 ? ", with a long name" : ""}`,
    x,
    y,
  }));
  const { svg } = scatterPlot(points, text), found = labels(svg, "row ");
  const dots = [...svg.matchAll(/<circle r="4" cy="([\d.]+)" cx="([\d.]+)"/g)].map(([, y, x]) => [+x, +y]);
  const leads = [...svg.matchAll(/aria-label="link"><path d="M([\d.]+),([\d.]+)L([\d.]+),([\d.]+)"/g)]
    .map((lead) => lead.slice(1).map(Number));
  assert.deepEqual([found.length, dots.length], [11, 11]);
  let far = 0;
  for (const { label, y } of found) {
    const [dotX, dotY] = dots[points.findIndex((point) => point.label === label)];
    if (Math.abs(y - dotY) <= 16) continue;
    far++;
    const lead = leads.find(([x1, y1]) => Math.hypot(x1 - dotX, y1 - dotY) < 0.01);
    assert(lead && Math.abs(lead[3] - y) < 1, `no line leads to ${label}`);
  }
  assert.equal(leads.length, far);
  assert(far > 0 && far < 4, `${far} names are moved away`);
  assert(found.some(({ label, right }) => right < dots[points.findIndex((p) => p.label === label)][0]));
});

Deno.test("where all points are at one place, each name is there once, apart from the others", () => {
  const points = Array.from({ length: 11 }, (_, i) => ({ label: `row ${i}`, x: 100 + i / 2, y: 0.15 }));
  const found = labels(scatterPlot([...points, { label: "far", x: 8, y: 0.05 }], text).svg, "row ");
  assert.equal(new Set(found.map(({ left, y }) => `${left} ${y}`)).size, 11);
  for (const [i, a] of found.entries()) {
    for (const b of found.slice(i + 1)) {
      assert(a.left >= b.right || b.left >= a.right || Math.abs(a.y - b.y) >= 14, `${a.label} on ${b.label}`);
    }
  }
});

Deno.test("names of capitals, which are wide, end before the axis", () => {
  const points = [{ label: "a", x: 1, y: 1 }, { label: "BERT4REC".repeat(5), x: 254, y: 2 }, {
    label: "b",
    x: 1000,
    y: 3,
  }];
  const { svg } = scatterPlot(points, text), [{ label, right }] = labels(svg, "BERT");
  assert(right - 9 * label.length >= 56, `${label} begins left of the axis`);
  assert.match(label, /^BERT.*….*REC$/);
});

Deno.test("curves keep their room beside names of any length", () => {
  const curve = (label: string) => ({ label, points: [{ x: 1, y: 0.5 }, { x: 2, y: label.length }] });
  const { svg } = linesPlot([curve(LONG), curve("short")], text);
  const [, from, to] = /M([\d.]+),[\d.]+L([\d.]+),[\d.]+"/.exec(svg.slice(svg.indexOf('aria-label="line"')))!;
  assert(Number(to) - Number(from) >= 200, `${from} to ${to}`);
  assert(!svg.includes(`>${LONG}<`) && svg.includes(">short<"));
});

Deno.test("names of rows are whole, or have both their ends", () => {
  const row = (label: string) => ({ label, value: 0.5, low: 0.4, high: 0.6, strong: true });
  const { svg } = intervalsPlot(
    [row(`${LONG}1`), row(`${LONG}2`), row("runs/thirty-characters-and-one")],
    text,
  );
  for (const name of ["seed 1", "seed 2"]) assert(svg.includes(`${name}</text>`), name);
  assert(svg.includes(">runs/thirty-characters-and-one</text>"));
  assert.equal(labels(svg, "seed").length, 2);
  for (const { label, left } of labels(svg, "seed")) assert(left >= 0, `${label} begins at ${left}`);
});

Deno.test("what is written at an axis has a ground of its own, and every digit that tells it from others", () => {
  const trials = [0.000358, 0.00871].map((rate, i) => ({ values: { rate, value: i }, weight: i }));
  const { svg } = parallelPlot(trials, { axes: ["rate", "value"], title: "Trials" });
  assert.match(svg, /stroke-width="8" stroke="var\(--ground, Canvas\)"[^>]*><text[^>]*>0\.000358</);
});

Deno.test("seconds are written out, not in thousandths or thousands: 400m would be read as minutes", () => {
  const written = (...seconds: number[]) => {
    const { svg } = scatterPlot(seconds.map((x) => ({ label: "one", x, y: 0.4 })), text);
    return [...svg.matchAll(/>([^<>]+)<\/text>/g)].map(([, words]) => words);
  };
  const [short, long] = [written(0.38, 0.7), written(900, 50_000)];
  assert(short.includes("0.4") && !short.includes("400m"), `${short}`);
  assert(long.includes("10,000") && !long.includes("10k"), `${long}`);
});

Deno.test("a long name of an axis ends where the drawing does, and numbers along a narrow one do not run together", () => {
  const estimate = { value: -0.1, low: -0.26, high: 0.05, strong: true };
  const axis = (label: string, x: string) => {
    const { svg } = intervalsPlot([{ ...estimate, label }], { ...text, x });
    const [, anchor] = svg.match(/text-anchor="(\w+)" aria-label="x-axis label"/) ?? [];
    return { anchor, numbers: [...svg.matchAll(/>(−?0\.\d+)<\/text>/g)].length };
  };
  const [short, long] = [
    axis("one", "NDCG"),
    axis("a".repeat(40), `NDCG of ${"b".repeat(30)}, less that of`),
  ];
  assert.equal(long.anchor, "end");
  assert.notEqual(short.anchor, "end");
  assert(short.numbers > 4 && long.numbers < 5, `${short.numbers} and ${long.numbers}`);
});
