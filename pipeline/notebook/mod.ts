/**
 * What a notebook shows: tables, plots, progress, and outputs that grow in place. Importing it in a Jupyter kernel makes work report its
 * progress below its cell, with the curves of searches and trainings, and the stop button end that work; elsewhere nothing happens.
 *
 * @module
 */
import "../contract/door.ts";
import "./begin.ts";
export { help } from "./documentation/help.ts";
export { show, type ShowOptions } from "../display/frame.ts";
export { type Live, live, type LiveOptions } from "../display/live.ts";
export { notebookProgress } from "../display/progress.ts";
export type { Broadcast } from "../display/broadcast.ts";
export type { NotebookOptions, NotebookProgress } from "../display/notebook.ts";
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
export type { Curve, Moment } from "../display/lines.ts";
export type { Bar } from "../display/bars.ts";
export type { HistogramBin, HistogramScale, PlotImage, PlotText, Point } from "../display/plot.ts";
