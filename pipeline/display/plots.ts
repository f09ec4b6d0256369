/**
 * Plots for notebooks. Observable Plot is loaded when the first plot is drawn, so that importing the library stays fast.
 *
 * @module
 */
import { checkCall, hasMembers, listOf, TEXT, type Wanted } from "../contract/options/arguments.ts";
import { checkOnly, type KnownOptions, knownWith } from "../contract/options/known.ts";
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
  checkCall(
    'plotLines([{ label: "training", points: [{ x: 1, y: 0.7 }] }], { title: "Loss", x: "epoch", y: "loss" })',
    [curves, CURVES],
    [text, knownWith(LINES, "title", "x", "y")],
  );
  checkOnly("draw the lines", text, LINES);
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
  checkCall(
    'plotBars([{ label: "Popularity", value: 0.12 }], { title: "Hits", x: "HR@10" })',
    [bars, BARS],
    [text, knownWith(BAR, "title", "x")],
  );
  checkOnly("draw the bars", text, BAR);
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
  checkCall(
    'plotHistogram([{ from: 1, to: 2, count: 5 }], { title: "Items", x: "interactions", y: "items" })',
    [bins, BINS],
    [text, knownWith(HISTOGRAM, "title", "x", "y")],
  );
  checkOnly("draw the histogram", text, HISTOGRAM);
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

const isLabelled = (value: unknown) => typeof (value as { label?: unknown } | null)?.label === "string";

/** Whether an object has numbers under these names. */
const hasNumbers = (value: unknown, ...names: string[]) =>
  names.every((name) => typeof (value as Record<string, unknown> | null)?.[name] === "number");

const CURVES = listOf(
  "curves, each with a label and points",
  (curve) =>
    isLabelled(curve) && hasMembers(curve, "points") &&
    listOf("points", (point) => hasNumbers(point, "x", "y")).fits((curve as Curve).points),
);
/** Checks for a list that is not empty: an empty one leaves nothing to draw. */
function filledListOf(what: string, fits: (value: unknown) => boolean): Wanted {
  const list = listOf(what, fits), isEmpty = (value: unknown) => Array.isArray(value) && value.length === 0;
  return {
    ...list,
    fits: (value) => list.fits(value) && !isEmpty(value),
    state: (value) => isEmpty(value) ? "an empty list" : list.state?.(value),
  };
}

const BARS = filledListOf(
  "bars, at least one, each with a label and a value",
  (bar) => isLabelled(bar) && hasNumbers(bar, "value"),
);
const BINS = filledListOf(
  "bins, at least one, each with from, to and count, finite numbers",
  (bin) => {
    const { from, to, count } = (bin ?? {}) as Partial<HistogramBin>;
    return [from, to, count].every(Number.isFinite);
  },
);
/** Latest value of a Date, and the absolute value of the earliest, in milliseconds since 1970. */
const LAST_DATE = 8.64e15;
const SCALES: readonly HistogramScale[] = ["linear", "log", "time"];

const MOMENTS = listOf(
  "moments, each with x and a label",
  (moment) => isLabelled(moment) && hasNumbers(moment, "x"),
);

/** Options of each kind of plot. */
const LINES: KnownOptions<Parameters<typeof plotLines>[1]> = {
  title: TEXT,
  x: TEXT,
  y: TEXT,
  moments: MOMENTS,
  tickFormat: TEXT,
};
const BAR: KnownOptions<Parameters<typeof plotBars>[1]> = { title: TEXT, x: TEXT };
const HISTOGRAM: KnownOptions<Parameters<typeof plotHistogram>[1]> = {
  title: TEXT,
  x: TEXT,
  y: TEXT,
  scale: TEXT,
};
