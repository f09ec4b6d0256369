/**
 * Stage 4 on an engine that runs SQL: numbers users and items. Their tables are sent to this machine, where side columns and
 * features are added.
 *
 * @module
 */
import pl from "nodejs-polars";
import type { DataFrame } from "../../contract/frame.ts";
import { parseFeatureSpec } from "../../features.ts";
import { completeVocabulary, type Known, type VocabularyResult } from "../../vocabulary.ts";
import type { Dialect } from "../dialect.ts";
import { type Column, type EngineWork, numbers } from "../engine.ts";
import type { Kept } from "./filter.ts";

export type { Known };

/** The vocabulary of a dataset, and tables of `number`, `id`, `interactions`, `first_row` on the engine. */
export type Vocabulary = Omit<VocabularyResult, "frame"> & { tables: Record<Column, string> };

/** Number of sampled ids per bucket: enough for buckets of about equal size. */
const SAMPLES = 200;

/**
 * Numbers users and items as `buildVocabulary` does.
 *
 * @param side Tables of items and users, read on this machine.
 */
export async function numberOnEngine(
  kept: Kept,
  side: Known,
  work: EngineWork,
): Promise<Vocabulary> {
  const started = performance.now(), tables = { user: "users", item: "items" };
  for (const column of ["user", "item"] as const) await numberIds(kept.counts[column], tables[column], work);
  const [users, items] = [await fetched("user", tables.user, work), await fetched("item", tables.item, work)];
  const features = work.config.features?.map(parseFeatureSpec);
  return {
    ...completeVocabulary({ users, items, rows: kept.rows, started }, { ...side, features }),
    tables,
  };
}

async function numberIds(ids: string, name: string, { runner, parts }: EngineWork): Promise<void> {
  const d = runner.dialect, facts = await numbers(runner, allNumeric(d, ids));
  const whole = facts.whole_numbers === 1, key = whole ? d.tryWhole("id") : "id";
  const every = Math.max(1, Math.floor(facts.n / (parts * SAMPLES)));
  const sample = (await runner.rows(`SELECT ${key} AS k FROM ${ids} WHERE ${d.sampled("id", every)}`)).sort(
    "k",
  );
  const bounds = [
    ...new Set(Array.from({ length: parts - 1 }, (_, i) => Math.floor((i + 1) * sample.height / parts))),
  ]
    .filter((at) => at < sample.height)
    .map((at) => sample.getColumn("k").get(at) as string | number | bigint);
  const literal = (key: string | number | bigint) => typeof key === "string" ? d.text(key) : String(key);
  await runner.keep(`${name}_bucketed`, bucketed(ids, key, bounds.map(literal), d.labels(parts)));
  await runner.keep(name, numbered(d, `${name}_bucketed`));
}

/** Fetches `{column}` (UInt32 from 1), `id`, `interactions` (UInt32). */
async function fetched(column: Column, table: string, { runner }: EngineWork): Promise<DataFrame> {
  const frames: DataFrame[] = [];
  for await (const some of runner.ranges(`SELECT number, id, interactions FROM ${table}`, "number")) {
    frames.push(some);
  }
  return pl.concat(frames).lazy().select(
    pl.col("number").cast(pl.UInt32).alias(column),
    pl.col("id"),
    pl.col("interactions").cast(pl.UInt32),
  ).collectSync();
}

/**
 * Whether every `id` is written as a whole number would be, as `whole_numbers` (1 or 0); if so, ids are ordered as numbers, else by
 * code points.
 */
const allNumeric = (d: Dialect, ids: string): string =>
  `SELECT coalesce(min(CASE WHEN cast(${
    d.tryWhole("id")
  } AS STRING) = id THEN 1 ELSE 0 END), 0) AS whole_numbers, ` +
  `count(*) AS n FROM ${ids}`;

/**
 * Returns the bucket of a key among ascending bounds, as a balanced tree of conditions.
 *
 * @param labels Labels of the buckets, one more than there are bounds.
 */
export function bucketOf(key: string, bounds: readonly string[], labels: readonly number[]): string {
  const tree = (low: number, high: number): string => {
    if (low === high) return String(labels[low]);
    const middle = (low + high) >> 1;
    return `CASE WHEN ${key} < ${bounds[middle]} THEN ${tree(low, middle)} ELSE ${
      tree(middle + 1, high)
    } END`;
  };
  return tree(0, bounds.length);
}

/** Returns a query for `id`, `interactions`, the key `k` and its `bucket`. The result should be kept, since it is read twice. */
export const bucketed = (
  ids: string,
  key: string,
  bounds: readonly string[],
  labels: readonly number[],
): string => `SELECT id, interactions, ${key} AS k, ${bucketOf(key, bounds, labels)} AS bucket FROM ${ids}`;

/**
 * Returns a query for `number` from 1 in the order of keys, `id`, `interactions`, and `first_row`: the row, from 0, at which its
 * interactions begin when they are ordered by number.
 *
 * @param buckets As returned by {@link bucketed}.
 */
export const numbered = (d: Dialect, buckets: string): string =>
  `SELECT o.ids + (row_number() OVER w) AS number, t.id, t.interactions,
    o.first_row + ${d.sum("t.interactions", "w")} - t.interactions AS first_row
  FROM ${buckets} t JOIN (
    SELECT bucket, ${d.sum("ids", "v")} - ids AS ids, ${
    d.sum("interactions", "v")
  } - interactions AS first_row
    FROM (SELECT bucket, count(*) AS ids, ${
    d.sum("interactions")
  } AS interactions FROM ${buckets} GROUP BY bucket) sums
    WINDOW v AS (ORDER BY bucket ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
  ) o ON t.bucket = o.bucket
  WINDOW w AS (PARTITION BY t.bucket ORDER BY t.k ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)`;
