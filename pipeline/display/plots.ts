/**
 * Plots for notebooks. Observable Plot is loaded when the first plot is drawn, so that importing the library stays fast.
 *
 * @module
 */
import { InputError } from "../contract/errors/classes.ts";
import type { Curve, Moment } from "./plots/lines.ts";
import type { Bar } from "./plots/bars.ts";
import type { HistogramBin, HistogramScale, PlotImage, PlotText } from "./plots/plot.ts";

/**
 * Plots named curves over a common axis.
 *
 * @param text Title and axes; `moments` are drawn as vertical lines, `tickFormat` is a D3 format.
 * @example
 * ```ts
 * import { plotLines } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const loss = { label: "training", points: [{ x: 1, y: 0.7 }, { x: 2, y: 0.5 }] };
 * const image = await plotLines([loss], { title: "Loss by epoch", x: "epoch", y: "loss" });
 * assert.equal(image.title, "Loss by epoch");
 * ```
 */
export const plotLines = async (
  curves: readonly Curve[],
  text: PlotText & { moments?: readonly Moment[]; tickFormat?: string },
): Promise<PlotImage> => {
  return (await import("./plots/lines.ts")).linesPlot(curves, text);
};

/**
 * Plots horizontal bars in the given order, each with its number; for a value of NaN there is a dash and no bar.
 *
 * @throws {InputError} if there are no bars.
 * @example
 * ```ts
 * import { plotBars } from "automlp";
 *
 * const bars = [{ label: "Popularity", value: 0.12 }, { label: "AutoMLP", value: 0.31 }];
 * await Deno.writeTextFile(`${await Deno.makeTempDir()}/hits.svg`, String(await plotBars(bars, { title: "Hits", x: "HR@10" })));
 * ```
 */
export const plotBars = async (bars: readonly Bar[], text: Omit<PlotText, "y">): Promise<PlotImage> => {
  if (bars.length === 0) throw new InputError("Cannot draw bars: there are none");
  return (await import("./plots/bars.ts")).barPlot(bars, text);
};

/**
 * Plots a histogram of given bins. With a logarithmic axis, bins should grow by a constant factor, so that areas are comparable.
 *
 * @throws {InputError} if there are no bins, a bin has a number that is not finite, the scale is unknown, a logarithmic scale would
 * begin at 0 or below, or a time scale would exceed the range of dates.
 * @example
 * ```ts
 * import { plotHistogram } from "automlp";
 *
 * const bins = [{ from: 1, to: 2, count: 5 }, { from: 2, to: 4, count: 9 }];
 * console.log(await plotHistogram(bins, { title: "Items", x: "interactions", y: "items", scale: "log" }));
 * ```
 */
export const plotHistogram = async (
  bins: readonly HistogramBin[],
  text: PlotText & { scale?: HistogramScale },
): Promise<PlotImage> => {
  if (bins.length === 0) throw new InputError("Cannot draw a histogram: there are no bins");
  const { scale = "linear" } = text, [{ from }] = bins;
  if (!SCALES.includes(scale)) {
    throw new InputError(
      `Cannot draw a histogram by the scale "${scale}": choose one of ${SCALES.join(", ")}`,
    );
  }
  if (scale === "log" && from <= 0) {
    throw new InputError(
      `Cannot draw a histogram by the scale log: its first bin begins at ${from}; begin above 0, or take linear`,
    );
  }
  const noDate = bins.flatMap(({ from, to }) => [from, to]).find((edge) => Math.abs(edge) > LAST_DATE);
  if (scale === "time" && noDate !== undefined) {
    throw new InputError(
      `Cannot draw a histogram by the scale time: ${noDate} is no date, which are milliseconds since 1970, ${LAST_DATE} at most; take linear`,
    );
  }
  return (await import("./plots/plot.ts")).histogramPlot(bins, text);
};

/** Latest value of a Date, and the absolute value of the earliest, in milliseconds since 1970. */
const LAST_DATE = 8.64e15;
const SCALES: readonly HistogramScale[] = ["linear", "log", "time"];
