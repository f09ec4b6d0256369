/**
 * What has changed in a dataset since an earlier one, such as yesterday's: new and lost users and items, and shifts of interest.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import pl, { type LazyDataFrame } from "nodejs-polars";
import type { SequenceDataset } from "../contract/dataset.ts";
import { readingTables } from "../contract/dataset/table_files.ts";
import { titleAmong } from "../contract/dataset/item_features.ts";
import type { ChangedOption, ChangesSince, ItemMove, Turnover } from "./facts.ts";
import { inspectTime } from "./queries.ts";

/** Number of items listed as having gained the most, and as having lost the most. */
const MOVES = 5;
/** Options of a preparation that give the location or the name of its data. */
const PLACES = ["dataset", "data", "items", "users", "name"];

/**
 * Compares a dataset with an earlier one: users and items by their original ids.
 *
 * @throws {InputError} if a table is damaged.
 */
export async function changesSince(before: SequenceDataset, now: SequenceDataset): Promise<ChangesSince> {
  const both = <T>(work: (dataset: SequenceDataset) => Promise<T>) =>
    Promise.all([before, now].map((dataset) => readingTables(dataset.folder, () => work(dataset))));
  const [earlier, later] = await both(inspectTime);
  const items = joined(before, now, "items"), { counts, features } = now.manifest;
  const names = (of: typeof features) => new Set(of.map(({ name }) => name));
  const [had, has] = [before.manifest.features, features].map(names);
  return {
    name: before.manifest.name,
    hash: before.manifest.hash,
    interactions: { before: before.manifest.counts.interactions, now: counts.interactions },
    users: await turnoverOf(joined(before, now, "users"), counts.interactions),
    items: await turnoverOf(items, counts.interactions),
    ...await movesIn(items, before, now),
    time: { before: earlier, now: later },
    features: { added: [...has.difference(had)], gone: [...had.difference(has)] },
    options: optionsChanged(before.manifest.config, now.manifest.config),
  };
}

/** Each `id` of either dataset with its `interactions` `before` and `now`; null if the dataset does not have it. */
function joined(before: SequenceDataset, now: SequenceDataset, table: "users" | "items"): LazyDataFrame {
  const counted = (dataset: SequenceDataset, name: string) =>
    dataset.scan(table).select("id", pl.col("interactions").cast(pl.Float64).alias(name));
  const [had, has] = [counted(before, "before"), counted(now, "now")];
  const gone = had.join(has, { on: "id", how: "anti" })
    .withColumns(pl.lit(null).cast(pl.Float64).alias("now")).select("id", "before", "now");
  return pl.concat([has.join(had, { on: "id", how: "left" }).select("id", "before", "now"), gone]);
}

async function turnoverOf(joined: LazyDataFrame, interactions: number): Promise<Turnover> {
  const [had, has] = [pl.col("before"), pl.col("now")];
  const found = await joined.select(
    had.isNotNull().sum().alias("before"),
    has.isNotNull().sum().alias("now"),
    had.isNull().sum().alias("added"),
    has.isNull().sum().alias("gone"),
    has.filter(had.isNull()).sum().alias("ofAdded"),
  ).collect();
  const [before, now, added, gone, ofAdded] = found.row(0).map((value) => Number(value ?? 0));
  return { before, now, added, gone, ofAdded: ofAdded / interactions };
}

/** Computes how much of the interactions moved between items, and which items moved the most. */
async function movesIn(
  items: LazyDataFrame,
  before: SequenceDataset,
  now: SequenceDataset,
): Promise<Pick<ChangesSince, "moved" | "gained" | "lost">> {
  const share = (name: "before" | "now", { manifest: { counts } }: SequenceDataset) =>
    pl.col(name).fillNull(pl.lit(0)).div(pl.lit(counts.interactions)).alias(name);
  const shares = await items.select("id", share("before", before), share("now", now)).collect();
  const change = pl.col("now").sub(pl.col("before"));
  const moves = shares.withColumns(change.alias("change"));
  const moved = Number(moves.select(pl.col("change").abs().sum()).row(0)[0]) / 2;
  const most = (descending: boolean) =>
    moves.filter(descending ? pl.col("change").gt(0) : pl.col("change").lt(0))
      .sort(["change", "id"], [descending, false]).head(MOVES).select("id", "before", "now")
      .toRecords() as Omit<ItemMove, "title">[];
  const [gained, lost] = [most(true), most(false)], ids = [...gained, ...lost].map(({ id }) => id);
  const titles = new Map([...await titlesOf(before, ids), ...await titlesOf(now, ids)]);
  const titled = (move: Omit<ItemMove, "title">): ItemMove => {
    const title = titles.get(move.id);
    return { ...move, ...(title && { title }) };
  };
  return { moved, gained: gained.map(titled), lost: lost.map(titled) };
}

/** Titles of items, if the dataset has them. */
async function titlesOf(dataset: SequenceDataset, ids: readonly string[]): Promise<[string, string][]> {
  const items = dataset.scan("items"), title = titleAmong(items.columns, dataset.manifest.features);
  if (title === undefined) return [];
  const known = await items.filter(pl.col("id").isIn([...ids])).select("id", title).collect();
  return (known.rows() as [string, string | null][]).flatMap(([id, title]) => title ? [[id, title]] : []);
}

/** Options of the preparation that have changed, by their names in code. */
function optionsChanged(before: Record<string, unknown>, now: Record<string, unknown>): ChangedOption[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]).difference(new Set(PLACES));
  return [...names].filter((name) => !isDeepStrictEqual(before[name], now[name]))
    .map((name) => ({ name, before: before[name], now: now[name] }));
}
