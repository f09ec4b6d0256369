import assert from "node:assert/strict";
import { linesPlot } from "../../../pipeline/display/lines.ts";
import { barPlot } from "../../../pipeline/display/bars.ts";
import { histogramPlot } from "../../../pipeline/display/plot.ts";
import { plotBars, plotHistogram, plotLines } from "../../../pipeline/display/plots.ts";

Deno.test("the plots for notebooks are those of reports", async () => {
  const text = { title: "Items", x: "interactions", y: "items" };
  const series = [{ label: "a", points: [{ x: 1, y: 2 }, { x: 2, y: 1 }] }];
  const bars = [{ label: "a", value: 3 }, { label: "b", value: 1 }];
  const bins = [{ from: 1, to: 2, count: 5 }, { from: 2, to: 4, count: 9 }];
  assert.equal((await plotLines(series, text)).svg, linesPlot(series, text).svg);
  assert.equal((await plotBars(bars, text)).svg, barPlot(bars, text).svg);
  assert.equal((await plotHistogram(bins, text)).svg, histogramPlot(bins, text).svg);
});

Deno.test("of nothing there is no drawing", async () => {
  const bars = { title: "Hits", x: "HR@10" }, bins = { title: "Items", x: "interactions", y: "items" };
  await assert.rejects(plotBars([], bars), {
    name: "InputError",
    message:
      /^Cannot call plotBars: its first argument is an empty list; give a list of bars, at least one, /,
  });
  await assert.rejects(plotHistogram([], bins), {
    name: "InputError",
    message: /its first argument is an empty list; give a list of bins, at least one, /,
  });
});
