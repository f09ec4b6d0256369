/**
 * The queries of an inspection over a dataset's tables, each a lazy Polars query over the columns it needs.
 *
 * @module
 */
import pl from "nodejs-polars";
import type { SequenceDataset } from "../contract/dataset.ts";
import { type Split, SPLITS } from "../contract/stage.ts";
import { titleAmong } from "../contract/dataset/item_features.ts";
import { isPlainNumber } from "../contract/dataset/manifest.ts";
import { damagedDataset } from "../contract/dataset/table_files.ts";
import { millisecondsIn } from "../contract/values/date_units.ts";
import { dateSpan } from "../times/units.ts";
import type { FeatureFacts, InspectionFacts, NegativesFacts, PartFacts, TimeFacts } from "./facts.ts";

/** Number of most frequent values kept for each feature. */
const TOP_VALUES = 10;

/** Rows whose user has a previous row: only these have a history to predict from. */
const isTarget = pl.col("user").eq(pl.col("user").shift(1)).fillNull(pl.lit(false));

/** Counts interactions, users and items for each part of the split. */
export async function inspectParts(dataset: SequenceDataset): Promise<PartFacts[]> {
  const of = Object.fromEntries(SPLITS.map((split) => [split, new SplitCounts(dataset.items)]));
  for (const interactions of dataset.scanParts("interactions")) {
    const rows = interactions.select("split", "user", "item", isTarget.alias("target"));
    const items = await rows.groupBy(["split", "item"]).agg(pl.len().alias("n"), pl.col("target").sum())
      .collect();
    for (const [split, item, rows, targets] of items.rows() as [Split, ...number[]][]) {
      if (!Object.hasOwn(of, split) || !(item >= 1 && item <= dataset.items)) {
        throw damagedDataset(
          dataset.folder,
          `it has the item ${item} in the part "${split}", which cannot be`,
        );
      }
      of[split].add(item, rows, targets);
    }
    const users = await rows.groupBy("split").agg(pl.col("user").nUnique()).collect();
    for (const [split, n] of users.rows() as [Split, number][]) of[split].users += n;
  }
  const cold = (split: Split, item: number) => split !== "train" && of.train.rows[item] === 0;
  return SPLITS.map((split) => {
    const { rows, targets, users } = of[split],
      sum = (counts: Float64Array) => counts.reduce((a, b) => a + b, 0);
    const coldTargets = targets.map((n, item) => cold(split, item) ? n : 0);
    return {
      split,
      users,
      interactions: sum(rows),
      targets: sum(targets),
      items: rows.filter((n) => n > 0).length,
      coldItems: coldTargets.filter((n) => n > 0).length,
      coldTargets: sum(coldTargets),
    };
  });
}

/** Counts of one part of the split by item, [items + 1]. */
class SplitCounts {
  readonly rows: Float64Array;
  readonly targets: Float64Array;
  users = 0;

  constructor(items: number) {
    this.rows = new Float64Array(items + 1);
    this.targets = new Float64Array(items + 1);
  }

  add(item: number, rows: number, targets: number): void {
    this.rows[item] += rows;
    this.targets[item] += targets;
  }
}

/** Counts the distinct pairs of user and item that interact. */
export async function inspectPairs(dataset: SequenceDataset): Promise<number> {
  const pair = pl.col("user").cast(pl.UInt64).mul(pl.lit(2 ** 32).cast(pl.UInt64)).add(pl.col("item"));
  let pairs = 0;
  for (const interactions of dataset.scanParts("interactions")) {
    pairs += Number((await interactions.select(pair.nUnique()).collect()).row(0)[0]);
  }
  return pairs;
}

/** Computes the share of interactions at the same time as the user's previous one, among those that have a previous one; 0 if none has. */
export async function inspectTies(dataset: SequenceDataset): Promise<number> {
  const time = pl.col("timestamp");
  let steps = 0, ties = 0;
  for (const interactions of dataset.scanParts("interactions")) {
    const found = await interactions.select(
      isTarget.sum().alias("steps"),
      isTarget.and(time.eq(time.shift(1))).sum().alias("ties"),
    ).collect();
    const [all, tied] = found.row(0).map(Number);
    steps += all;
    ties += tied;
  }
  return steps === 0 ? 0 : ties / steps;
}

/** Finds the time span; as dates too, if timestamps were dates or look like seconds, milli-, micro- or nanoseconds since 1970. */
export async function inspectTime(dataset: SequenceDataset): Promise<TimeFacts> {
  const time = pl.col("timestamp");
  let first = Infinity, last = -Infinity;
  for (const interactions of dataset.scanParts("interactions")) {
    const found = await interactions.select(time.min().alias("first"), time.max().alias("last")).collect();
    const [least, most] = found.row(0).map(Number);
    first = Math.min(first, least);
    last = Math.max(last, most);
  }
  const span = dateSpan(first, last, dataset.manifest.timeUnit);
  if (!span) return { first, last, unit: "order" };
  return { first, last, ...span, days: (last - first) * millisecondsIn(span.unit) / 86_400_000 };
}

/** Finds the `count` items with the most interactions: original ids, and titles if they have any. */
export async function inspectPopular(
  dataset: SequenceDataset,
  count: number,
): Promise<InspectionFacts["popularItems"]> {
  const items = dataset.scan("items");
  const title = titleAmong(items.columns, dataset.manifest.features);
  const frame = await items.select("id", "interactions", ...(title ? [pl.col(title).alias("title")] : []))
    .sort("interactions", true, true, true).head(count).collect();
  return (frame.toRecords() as { id: string; interactions: number; title?: string | null }[])
    .map(({ id, interactions, title }) => ({ id, ...(title ? { title } : {}), interactions }));
}

/** Finds the values and coverage of each encoded item feature. */
export async function inspectFeatures(dataset: SequenceDataset): Promise<FeatureFacts[]> {
  const facts: FeatureFacts[] = [], { columns } = dataset.scan("items");
  for (const info of dataset.manifest.features) {
    const { name, kind, column, values } = info;
    if (isPlainNumber(info) && !columns.includes(name)) {
      throw damagedDataset(
        dataset.folder,
        `items.parquet has no column "${name}", which the feature was read from`,
      );
    }
    // In standardised numbers a missing value is the mean: only the column as it was read shows which are missing.
    const present = kind === "multi"
      ? pl.col(column).lst.lengths().gt(0)
      : isPlainNumber(info)
      ? pl.col(name).cast(pl.String).str.strip().neq(pl.lit(""))
      : pl.col(column).gt(0);
    const covered = await dataset.scan("items").select(present.fillNull(pl.lit(false)).sum()).collect();
    const top = await dataset.scan("features").filter(pl.col("feature").eq(pl.lit(name)))
      .sort("items", true, true, true).head(TOP_VALUES).select("value", "items").collect();
    facts.push({
      name,
      kind,
      values,
      items: Number(covered.row(0)[0]),
      top: top.toRecords() as FeatureFacts["top"],
    });
  }
  return facts;
}

/** Counts the negatives, and how many of them are distinct. */
export async function inspectNegatives(dataset: SequenceDataset): Promise<NegativesFacts[]> {
  const sums = new Map<string, [positives: number, drawn: number, distinct: number]>();
  const lists = pl.col("negatives"), key = (protocol: string, split: string) => `${protocol} ${split}`;
  for (const negatives of dataset.scanParts("negatives")) {
    const counted = await negatives
      .groupBy(["protocol", "split"]).agg(
        pl.len().alias("positives"),
        lists.lst.lengths().cast(pl.UInt64).sum().alias("drawn"),
        lists.lst.unique().lst.lengths().cast(pl.UInt64).sum().alias("distinct"),
      ).collect();
    for (const [protocol, split, ...own] of counted.rows() as [string, string, ...unknown[]][]) {
      const before = sums.get(key(protocol, split)) ?? [0, 0, 0];
      sums.set(key(protocol, split), [
        before[0] + Number(own[0]),
        before[1] + Number(own[1]),
        before[2] + Number(own[2]),
      ]);
    }
  }
  return dataset.manifest.negatives.protocols.flatMap((protocol) =>
    SPLITS.flatMap((split): NegativesFacts[] => {
      const [positives, drawn, distinct] = sums.get(key(protocol, split)) ?? [0, 0, 0];
      return positives === 0
        ? []
        : [{ protocol, split, positives, drawn: drawn / positives, distinct: distinct / positives }];
    })
  );
}
