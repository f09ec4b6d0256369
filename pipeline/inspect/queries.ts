/**
 * The questions that an inspection asks of a dataset's tables, each a lazy Polars query over the columns it needs.
 *
 * @module
 */
import pl from "nodejs-polars";
import type { SequenceDataset } from "../contract/dataset.ts";
import { type Split, SPLITS } from "../contract/stage.ts";
import type { FeatureFacts, InspectionFacts, NegativesFacts, PartFacts, TimeFacts } from "./facts.ts";

/** Most frequent values that are kept of each feature. */
const TOP_VALUES = 10;

/** Rows whose user has a row before: only these have a history to predict from. */
const isTarget = pl.col("user").eq(pl.col("user").shift(1)).fillNull(pl.lit(false));

/** Counts for each part of the split. */
export async function inspectParts(dataset: SequenceDataset): Promise<PartFacts[]> {
  const rows = dataset.scan("interactions").select(
    pl.col("split"),
    pl.col("user"),
    pl.col("item"),
    isTarget.alias("target"),
  );
  const counted = await rows.groupBy("split").agg(
    pl.len().alias("interactions"),
    pl.col("target").sum().alias("targets"),
    pl.col("user").nUnique().alias("users"),
    pl.col("item").nUnique().alias("items"),
  ).collect();
  const known = rows.filter(pl.col("split").eq(pl.lit("train"))).select("item").unique();
  const cold = await rows.filter(pl.col("split").neq(pl.lit("train")).and(pl.col("target")))
    .join(known, { on: "item", how: "anti" })
    .groupBy("split").agg(
      pl.len().alias("coldTargets"),
      pl.col("item").nUnique().alias("coldItems"),
    ).collect();
  const none = { interactions: 0, targets: 0, users: 0, items: 0, coldItems: 0, coldTargets: 0 };
  const records = [...counted.toRecords(), ...cold.toRecords()] as (Partial<PartFacts> & { split: Split })[];
  return SPLITS.map((split) =>
    Object.assign({ split, ...none }, ...records.filter((record) => record.split === split))
  );
}

/** Share of interactions whose user had the same item before. */
export async function inspectRepeats(dataset: SequenceDataset): Promise<number> {
  const pair = pl.col("user").cast(pl.UInt64).mul(pl.lit(2 ** 32).cast(pl.UInt64)).add(pl.col("item"));
  const frame = await dataset.scan("interactions").select(
    pair.nUnique().alias("pairs"),
    pl.len().alias("rows"),
  )
    .collect();
  const [pairs, rows] = frame.row(0).map(Number);
  return 1 - pairs / rows;
}

/** The span of time, as dates where the numbers are unix seconds or milliseconds. */
export async function inspectTime(dataset: SequenceDataset): Promise<TimeFacts> {
  const frame = await dataset.scan("interactions").select(
    pl.col("timestamp").min().alias("first"),
    pl.col("timestamp").max().alias("last"),
  ).collect();
  const [first, last] = frame.row(0).map(Number);
  // Seconds of the years 1973 to 5138, milliseconds of 1973 to 5138; smaller numbers are positions or the like.
  const unit = last < 1e8 ? "order" : last < 1e11 ? "seconds" : last < 1e14 ? "milliseconds" : "order";
  if (unit === "order" || first < 0) return { first, last, unit: "order" };
  const toMs = unit === "seconds" ? 1000 : 1;
  const date = (time: number) => new Date(time * toMs).toISOString().replace(/\.\d+Z$/, "Z");
  return {
    first,
    last,
    unit,
    firstDate: date(first),
    lastDate: date(last),
    days: (last - first) * toMs / 86_400_000,
  };
}

/** The `count` items with most interactions, by original id, and title where the items have one. */
export async function inspectPopular(
  dataset: SequenceDataset,
  count: number,
): Promise<InspectionFacts["popularItems"]> {
  const items = dataset.scan("items");
  const titled = items.columns.includes("title");
  const frame = await items.select("id", "interactions", ...(titled ? ["title"] : []))
    .sort("interactions", true, true, true).head(count).collect();
  return (frame.toRecords() as { id: string; interactions: number; title?: string | null }[])
    .map(({ id, interactions, title }) => ({ id, ...(title ? { title } : {}), interactions }));
}

/** Values and coverage of each encoded item feature. */
export async function inspectFeatures(dataset: SequenceDataset): Promise<FeatureFacts[]> {
  const facts: FeatureFacts[] = [];
  for (const { name, kind, column, values } of dataset.manifest.features) {
    // Standardised numbers hold the mean where a value is missing: the column as read still knows.
    const present = kind === "multi"
      ? pl.col(column).lst.lengths().gt(0)
      : values > 0
      ? pl.col(column).gt(0)
      : pl.col(name).cast(pl.String).str.strip().neq(pl.lit(""));
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

/** Number of negatives, and how many of them differ. */
export async function inspectNegatives(dataset: SequenceDataset): Promise<NegativesFacts[]> {
  const facts: NegativesFacts[] = [];
  for (const protocol of dataset.manifest.negatives.protocols) {
    const frame = await dataset.scan("negatives").filter(pl.col("protocol").eq(pl.lit(protocol)))
      .groupBy("split").agg(
        pl.len().alias("positives"),
        pl.col("negatives").lst.lengths().mean().alias("drawn"),
        pl.col("negatives").lst.unique().lst.lengths().mean().alias("distinct"),
      ).collect();
    const records = frame.toRecords() as Omit<NegativesFacts, "protocol">[];
    for (const split of SPLITS) {
      const found = records.find((record) => record.split === split);
      if (found) facts.push({ protocol, ...found });
    }
  }
  return facts;
}
