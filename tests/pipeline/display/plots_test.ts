import assert from "node:assert/strict";
import { linesPlot } from "../../../pipeline/display/plots/lines.ts";
import { barPlot } from "../../../pipeline/display/plots/bars.ts";
import { histogramPlot } from "../../../pipeline/display/plots/plot.ts";
import { plotBars, plotHistogram, plotLines } from "../../../pipeline/display/plots.ts";

Deno.test("the plots for notebooks are those of reports", async () => {
  const text = { title: "Items", x: "interactions", y: "items" };
  const series = [{ label: "a", points: [{ x: 1, y: 2 }, { x: 2, y: 1 }] }];
  const bars = [{ label: "a", value: 3 }, { label: "b", value: 1 }];
  const bins = [{ from: 1, to: 2, count: 5 }, { from: 2, to: 4, count: 9 }];
  assert.equal((await plotLines(series, text)).svg, linesPlot(series, text).svg);
  const { y: _, ...horizontal } = text;
  assert.equal((await plotBars(bars, horizontal)).svg, barPlot(bars, text).svg);
  assert.equal((await plotHistogram(bins, text)).svg, histogramPlot(bins, text).svg);
});

Deno.test("of nothing there is no drawing", async () => {
  const bars = { title: "Hits", x: "HR@10" }, bins = { title: "Items", x: "interactions", y: "items" };
  await assert.rejects(plotBars([], bars), {
    name: "InputError",
    message: "Cannot draw bars: there are none",
  });
  await assert.rejects(plotHistogram([], bins), {
    name: "InputError",
    message: "Cannot draw a histogram: there are no bins",
  });
});

Deno.test("bars of one name each have their row", async () => {
  const bars = [{ label: "Cup", value: 3 }, { label: "Pan", value: 1 }, { label: "Cup", value: 2 }];
  const { svg } = await plotBars(bars, { title: "Sold", x: "number" });
  assert.deepEqual(svg.match(/>(Cup|Pan)</g), [">Cup<", ">Pan<", ">Cup<"]);
  const tops = Array.from(svg.matchAll(/<rect x="0" y="([\d.]+)"[^>]*><title>/g), ([, y]) => Number(y));
  assert.equal(new Set(tops).size, 3, `${tops}`);
});

Deno.test("a histogram that cannot be drawn is refused in words", async () => {
  const text = { title: "Items", x: "interactions", y: "items" }, good = { from: 1, to: 2, count: 5 };
  const refused = (bin: object, scale: string, message: RegExp) =>
    assert.rejects(plotHistogram([{ ...good, ...bin }], { ...text, scale: scale as "log" }), {
      name: "InputError",
      message,
    });
  for (const from of [0, -1]) {
    await refused(
      { from },
      "log",
      new RegExp(`: its first bin begins at ${from}; begin above 0, or take linear$`),
    );
  }
  for (const bin of [{ from: -9e15 }, { to: 8.7e15 }]) {
    await refused(
      bin,
      "time",
      /by the scale time: -?\d+ is no date, .* since 1970, 8640000000000000 at most; take linear$/,
    );
  }
  const last = { from: -8.64e15, to: 8.64e15, count: 1 };
  assert(String(await plotHistogram([last], { ...text, scale: "time" })).includes("275760-09-13"));
  await refused({}, "ln", /^Cannot draw a histogram by the scale "ln": choose one of linear, log, time$/);
});
