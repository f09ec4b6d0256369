/**
 * Plots of how interactions are distributed over users and items. Loads Observable Plot.
 *
 * @module
 */
import { type HistogramBin, histogramPlot, type PlotImage } from "../../display/plots/plot.ts";
import type { Histogram } from "../../display/plots/histogram_bins.ts";

/**
 * Plots how many users have sequences of which length.
 *
 * @param dropped Users who are not in the dataset, drawn in a paler color.
 */
export const sequencesPlot = ({ bins, scale }: Histogram, dropped?: HistogramBin): PlotImage =>
  histogramPlot(bins, {
    title: "How many users have sequences of which length",
    x: "interactions of a user",
    y: "users",
    scale,
    pale: dropped,
  });

/** Plots how many items have how many interactions. */
export const popularityPlot = ({ bins, scale }: Histogram): PlotImage =>
  histogramPlot(bins, {
    title: "How many items have how many interactions",
    x: "interactions of an item",
    y: "items",
    scale,
  });
