/**
 * The plots for notebooks. Observable Plot is loaded when the first is drawn, so that importing the library stays quick.
 *
 * @module
 */
import type { PlotImage } from "./plot.ts";

/**
 * Named curves over a common axis; see `linesPlot`.
 *
 * @example
 * ```ts
 * import { plotLines } from "./plots.ts";
 * import assert from "node:assert/strict";
 * const loss = { label: "training", points: [{ x: 1, y: 0.7 }, { x: 2, y: 0.5 }] };
 * const image = await plotLines([loss], { title: "Loss by epoch", x: "epoch", y: "loss" });
 * assert.equal(image.title, "Loss by epoch");
 * ```
 */
export const plotLines = async (
  ...args: Parameters<typeof import("./lines.ts").linesPlot>
): Promise<PlotImage> => (await import("./lines.ts")).linesPlot(...args);

/** Horizontal bars with their numbers; see `barPlot`. */
export const plotBars = async (
  ...args: Parameters<typeof import("./plot.ts").barPlot>
): Promise<PlotImage> => (await import("./plot.ts")).barPlot(...args);

/** A histogram of finished bins; see `histogramPlot`. */
export const plotHistogram = async (
  ...args: Parameters<typeof import("./plot.ts").histogramPlot>
): Promise<PlotImage> => (await import("./plot.ts")).histogramPlot(...args);
