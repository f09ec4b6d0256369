/**
 * Display in notebooks: tables, plots, progress, and outputs that grow in place. When this module is imported in a Jupyter kernel, work
 * reports its progress below its cell, with the curves of searches and trainings, and the stop button ends that work; elsewhere
 * nothing happens.
 *
 * @module
 */
import "../contract/machine/door.ts";
import { inKernel } from "./kernel.ts";
export { help } from "./help.ts";
export { show, type ShowOptions } from "../display/table/frame.ts";
export { type Live, live, type LiveOptions } from "../display/cell/live.ts";
export { notebookProgress } from "../display/progress.ts";
export type { Broadcast } from "../display/cell/broadcast.ts";
export type { NotebookOptions, NotebookProgress } from "../display/progress/notebook.ts";
export type {
  Ending,
  Growing,
  Growth,
  Place,
  PlaceFact,
  Progress,
  StoppableProgress,
  Task,
} from "../contract/progress.ts";
export type { DataFrame } from "../contract/frame.ts";
export { plotBars, plotHistogram, plotLines } from "../display/plots.ts";
export type { Curve, Moment } from "../display/plots/lines.ts";
export type { Bar } from "../display/plots/bars.ts";
export type { HistogramBin, HistogramScale, PlotImage, PlotText, Point } from "../display/plots/plot.ts";

if (inKernel()) (await import("./session.ts")).beginSession();
