/**
 * Distributions of counts: quartiles, histograms, concentration.
 *
 * @module
 */
import pl, { type Series } from "nodejs-polars";
import { histogramBins } from "../display/plots/histogram_bins.ts";
import type { Concentration, CountDistribution } from "./facts.ts";

/**
 * Computes the summary and histogram of counts.
 *
 * @param counts One whole number, at least 1, for each user or item. At least one row.
 */
export function distributionOf(counts: Series): CountDistribution {
  const column = pl.col("n"), frame = counts.cast(pl.Float64).alias("n").toFrame();
  const [summary] = frame.select(
    column.min().alias("min"),
    column.quantile(0.25, "linear").alias("q1"),
    column.median().alias("median"),
    column.mean().alias("mean"),
    column.quantile(0.75, "linear").alias("q3"),
    column.max().alias("max"),
  ).toRecords() as Record<"min" | "q1" | "median" | "mean" | "q3" | "max", number>[];
  // There are few distinct counts, however many users there are.
  const sizes = frame.groupBy("n").agg(pl.len().alias("size")).sort("n");
  return { count: counts.length, ...summary, ...histogramBins(sizes.rows() as [number, number][]) };
}

/**
 * Computes how unevenly interactions are distributed over items.
 *
 * @param counts Interactions of each item. At least one row.
 */
export function concentrationOf(counts: Series): Concentration {
  const n = counts.length;
  const sorted = counts.cast(pl.Float64).sort({ descending: true }).alias("n").toFrame().lazy()
    .select(pl.col("n").cumSum().alias("sum"), pl.col("n")).withRowIndex("i").collectSync();
  const sums = sorted.getColumn("sum").toTypedArray() as Float64Array, total = sums[n - 1];
  /** If the share is not a whole number of items, it is rounded up. */
  const at = (percent: number) => {
    const rank = Math.ceil(n * percent / 100);
    return { items: percent / 100, interactions: rank === 0 ? 0 : sums[rank - 1] / total };
  };
  // With x sorted descending and i from 0: Σ (n − 1 − 2 i) x_i / (n Σ x).
  const weighted = sorted.select(pl.col("i").cast(pl.Float64).mul(-2).add(n - 1).mul(pl.col("n")).sum());
  return {
    gini: (weighted.row(0)[0] as number) / (n * total),
    top: [1, 10, 20].map(at),
    curve: Array.from({ length: 101 }, (_, i) => at(i)),
  };
}
