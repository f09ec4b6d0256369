import assert from "node:assert/strict";
import { DOMParser } from "linkedom";
import { intervalsPlot } from "../../../../pipeline/display/plots/intervals.ts";
import { linesPlot } from "../../../../pipeline/display/plots/lines.ts";
import { parallelPlot } from "../../../../pipeline/display/plots/parallel.ts";
import { barPlot } from "../../../../pipeline/display/plots/bars.ts";
import { curvePlot, HEIGHT, histogramPlot, MARGIN, WIDTH } from "../../../../pipeline/display/plots/plot.ts";
import { scatterPlot } from "../../../../pipeline/display/plots/scatter.ts";
import {
  stripTips,
  tipNumber,
  tipsApart,
  withPageTips,
  withTips,
} from "../../../../pipeline/display/plots/tips.ts";

const text = { title: "t", x: "step", y: "loss" };

interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
  text: string;
}

/** The places in a drawing that show something on hover. */
function tips(svg: string): Place[] {
  const document = new DOMParser().parseFromString(svg, "image/svg+xml");
  return [...document.querySelectorAll("title")].map((title) => {
    const of = (name: string) => Number(title.parentElement!.getAttribute(name));
    return {
      x: of("x"),
      y: of("y"),
      width: of("width"),
      height: of("height"),
      text: title.textContent!,
    };
  });
}

Deno.test("curves say their values at every step, in strips that fill the frame", () => {
  const line = (label: string, ...ys: number[]) => ({ label, points: ys.map((y, x) => ({ x: 10 * x, y })) });
  const found = tips(
    linesPlot([line("k = 3", 0.5, 0.25), line("k = 5", 0.5, 0.75, 1)], { ...text, tickFormat: "%" }).svg,
  );
  assert.deepEqual(found.map(({ text }) => text), [
    "step 0\nk = 3: 50.0 %\nk = 5: 50.0 %",
    "step 10\nk = 3: 25.0 %\nk = 5: 75.0 %",
    "step 20\nk = 5: 100.0 %",
  ]);
  assert.equal(found[0].x, MARGIN.left);
  for (const [i, { x, width, y, height }] of found.entries()) {
    if (i > 0) assert.ok(Math.abs(found[i - 1].x + found[i - 1].width - x) < 0.2);
    assert.ok(width > 0);
    assert.deepEqual([y, height], [MARGIN.top, HEIGHT - MARGIN.top - MARGIN.bottom]);
  }
});

Deno.test("a long curve has strips that can be hit, its ends among them", () => {
  const points = Array.from({ length: 1000 }, (_, x) => ({ x, y: x }));
  const found = tips(linesPlot([{ label: "a", points }], text).svg);
  assert.equal(found.length, 60);
  assert.ok(Math.min(...found.map(({ width }) => width)) > 2);
  assert.match(found[0].text, /^step 0\n/);
  assert.match(found.at(-1)!.text, /^step 999\n/);
});

Deno.test("every kind of drawing says its values on hover", () => {
  const points = [{ x: 0, y: 0.5 }, { x: 1, y: 1 }];
  const of = (svg: string) => tips(svg).map(({ text }) => text);
  assert.deepEqual(of(histogramPlot([{ from: 1, to: 1000, count: 5000 }], text).svg), [
    "1 to below 1,000: 5,000 loss",
  ]);
  assert.deepEqual(of(curvePlot(points, { ...text, shares: true }).svg)[0], "step: 0.0 %\nloss: 50.0 %");
  assert.deepEqual(of(barPlot([{ label: "Tea & <co>", value: 0.25 }], text).svg), ["Tea & <co>: 0.25"]);
  const interval = { label: "5", value: -0.01, low: -0.02, high: 0, strong: true };
  assert.deepEqual(of(intervalsPlot([interval], text).svg), ["5: −0.01, from −0.02 to 0"]);
  assert.deepEqual(of(intervalsPlot([{ ...interval, standardError: 0.004 }], text).svg), [
    "5: −0.01 ± 0.004, from −0.02 to 0",
  ]);
  const unsure = intervalsPlot([{ label: "5", value: -0.01, strong: true }], text).svg;
  assert.deepEqual(of(unsure), ["5: −0.01"], "nothing is known of its interval");
  const { svg } = intervalsPlot([interval, interval], text);
  const dots = Array.from(svg.matchAll(/<circle [^>]*cy="([\d.]+)"/g), ([, y]) => Number(y));
  assert.ok(dots.length === 2 && dots[1] > dots[0], `two of one name have rows of their own: ${dots}`);
  assert.equal(svg.match(/>5</g)?.length, 2);
  assert.deepEqual(
    of(scatterPlot([{ label: "fast", x: 2, y: 0.4 }, { label: "slow", x: 20, y: 0.5 }], text).svg),
    [
      "fast\nstep: 2\nloss: 0.4",
      "slow\nstep: 20\nloss: 0.5",
    ],
  );
  const trial = { values: { rate: 0.001, loss: "ce" }, weight: 1 };
  const trials = parallelPlot([trial], { axes: ["rate", "loss"], title: "Trials" }).svg;
  assert.deepEqual([...new Set(of(trials))], ["rate: 0.001\nloss: ce"]);
  const [rate, between, loss] = tips(trials);
  assert.ok(Math.abs(between.x - (rate.x + loss.x) / 2) < 0.2, "on the axes and halfway");
});

Deno.test("beside an axis of many properties no value is written over another", () => {
  const trials = [0.376, 0.346, 0.0058].map((dropout) => ({ values: { dropout, dim: 64 }, weight: 1 }));
  const { svg } = parallelPlot(trials, { axes: ["dropout", "dim"], title: "Trials" });
  const at = (label: string) =>
    Number(new RegExp(`translate\\([\\d.]+,([\\d.]+)\\)"[^>]*>${label}<`).exec(svg)![1]);
  assert.ok(at("0.346") - at("0.376") > 12.9, `${at("0.346")} ${at("0.376")}`);
  assert.ok(at("0.0058") - at("0.346") > 100);
});

Deno.test("rows of bars and intervals are hit at their labels, too", () => {
  const bars = [{ label: "a", value: 1 }, { label: "b", value: 2 }];
  const [a, b] = tips(barPlot(bars, text).svg);
  assert.ok(a.x === 0 && Math.abs(a.y + a.height - b.y) < 0.2 && a.width > WIDTH / 2);
});

Deno.test("over an image the tips are HTML in the same places", () => {
  const tip = { x: 46, y: 50, width: 92, height: 100, text: `a "b"\n<c>` };
  const plain = `<svg width="460" height="250"><path/></svg>`;
  const { svg, overlay } = tipsApart(withTips(plain, [tip]));
  assert.equal(svg, plain);
  assert.equal(
    overlay,
    `<span title="a &quot;b&quot;\n&lt;c&gt;" style="position:absolute;left:10%;top:20%;width:20%;height:40%"></span>`,
  );
  assert.deepEqual(tipsApart(plain), { svg: plain, overlay: "" });
});

Deno.test("on a page tips lie over the drawing, and are shown to the side where there is room", () => {
  const plain = `<svg width="460" height="250"><path/></svg>`, place = { y: 0, width: 46, height: 250 };
  const drawing = withTips(plain, [{ ...place, x: 0, text: "step 1\na: 2" }, {
    ...place,
    x: 230,
    text: "step 2",
  }]);
  const span = (more: string, left: string) =>
    `<span ${more} style="position:absolute;left:${left};top:0%;width:10%;height:100%"></span>`;
  assert.equal(
    withPageTips(`<figure>${drawing}</figure>${plain}`),
    `<figure><div class="drawing" style="width:460px">${plain}${span('data-tip="step 1\na: 2"', "0%")}${
      span('class="right" data-tip="step 2"', "50%")
    }</div></figure>${plain}`,
  );
  assert.equal(withTips(plain, []), plain);
});

Deno.test("a drawing is whole pixels wide, however long its names are", () => {
  for (let n = 1; n <= 48; n++) {
    const label = "x".repeat(n), points = [{ x: 0, y: 0.5 }, { x: 1, y: 0.25 }];
    const drawings = [
      intervalsPlot([{ label, value: 1, low: 0, high: 2, strong: true }], text),
      linesPlot([{ label, points }, { label: "b", points }], text),
    ];
    for (const { svg } of drawings) {
      const [, width] = withPageTips(svg).match(/^<div class="drawing" style="width:([\d.]+)px">/)!;
      assert(Number.isInteger(Number(width)), `${n}: ${width}`);
    }
  }
});

Deno.test("strips divide the space between neighbours; numbers have four digits", () => {
  const frame = { left: 0, right: 100, top: 0, bottom: 10 };
  const places = stripTips([{ at: 20, text: "a" }, { at: 60, text: "b" }], frame);
  assert.deepEqual(places.map(({ x, width }) => [x, width]), [[0, 40], [40, 60]]);
  assert.deepEqual([0.123456, -2.5, 1234567, 0].map((value) => tipNumber(value)), [
    "0.1235",
    "−2.5",
    "1,234,567",
    "0",
  ]);
});
