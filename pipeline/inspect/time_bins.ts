/**
 * Interactions over time: counts per hour, day, week …, whichever gives a readable number of bins.
 *
 * @module
 */
import pl from "nodejs-polars";
import type { SequenceDataset } from "../contract/dataset.ts";
import { millisecondsIn } from "../contract/values/date_units.ts";
import type { InteractionsOverTime, TimeFacts } from "./facts.ts";

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
