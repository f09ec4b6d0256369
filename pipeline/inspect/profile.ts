/**
 * The distribution of a dataset's interactions over users, items and time.
 *
 * @module
 */
import type { SequenceDataset } from "../contract/dataset.ts";
import { readingTables } from "../contract/dataset/table_files.ts";
import type {
  Concentration,
  CountDistribution,
  DatasetProfile,
  InteractionsOverTime,
  TimeFacts,
} from "./facts.ts";
import { inspectTime } from "./queries.ts";
import pl from "nodejs-polars";
import type { Series } from "nodejs-polars";
import { histogramBins } from "../display/plots/histogram_bins.ts";
import { millisecondsIn } from "../contract/values/date_units.ts";

/**
 * Computes the distributions of a dataset. It reads two columns of counts, and the timestamps twice, part by part.
 *
 * @throws {InputError} if a table is damaged.
 */
export async function profileOf(dataset: SequenceDataset): Promise<DatasetProfile> {
  const interactionsOf = async (table: "users" | "items") => {
    const query = dataset.scan(table).select("interactions");
    return (await readingTables(dataset.folder, () => query.collect())).getColumn("interactions");
  };
  const items = await interactionsOf("items");
  const time = await readingTables(dataset.folder, () => inspectTime(dataset));
  const overTime = await readingTables(dataset.folder, () => inspectOverTime(dataset, time));
  return {
    sequenceLength: distributionOf(await interactionsOf("users")),
    popularity: distributionOf(items),
    concentration: concentrationOf(items),
    time,
    ...(overTime && { overTime }),
  };
}

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

const HOUR = 3_600_000, DAY = 24 * HOUR, WEEK = 7 * DAY;

/** Bin widths in milliseconds. Bins are equally long, so that their heights are comparable; months and years are not. */
const WIDTHS: readonly [every: string, width: number][] = [
  ["1 second", 1000],
  ["1 minute", 60_000],
  ["1 hour", HOUR],
  ["6 hours", 6 * HOUR],
  ["1 day", DAY],
  ["1 week", WEEK],
  ["4 weeks", 4 * WEEK],
  ["13 weeks", 13 * WEEK],
  ["52 weeks", 52 * WEEK],
  ["520 weeks", 520 * WEEK],
  // For distant ends, such as 9999-12-31.
  ["5200 weeks", 5200 * WEEK],
  ["52000 weeks", 52_000 * WEEK],
];

/** Maximum number of bars: more would be too thin. */
const MOST = 60;

/** Monday, 1970-01-05, so that weeks begin on a Monday. */
const ORIGIN = 4 * DAY;

/** Finds the narrowest bins that are few enough. */
const binsOf = (from: number, to: number) =>
  WIDTHS.find(([, width]) => (to - from) / width <= MOST - 2) ?? WIDTHS.at(-1)!;

/** Counts interactions by bins of time (UTC); undefined if timestamps are not times. */
export async function inspectOverTime(
  dataset: SequenceDataset,
  { first, last, unit }: TimeFacts,
): Promise<InteractionsOverTime | undefined> {
  if (unit === "order") return undefined;
  const toMs = millisecondsIn(unit), [every, width] = binsOf(first * toMs, last * toMs);
  const binOf = (ms: number) => Math.floor((ms - ORIGIN) / width);
  const start = binOf(first * toMs), counts = new Array(binOf(last * toMs) - start + 1).fill(0);
  const bin = pl.col("timestamp").cast(pl.Float64).mul(toMs).minus(ORIGIN).div(width).floor().cast(pl.Int64);
  for (const interactions of dataset.scanParts("interactions")) {
    const found = await interactions.select(bin.alias("bin")).groupBy("bin").agg(pl.len().alias("n"))
      .collect();
    for (const [at, n] of found.rows()) counts[Number(at) - start] += Number(n);
  }
  const edge = (i: number) => ORIGIN + (start + i) * width;
  return { every, bins: counts.map((count, i) => ({ from: edge(i), to: edge(i + 1), count })) };
}
