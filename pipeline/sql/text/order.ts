/**
 * Dense numbers in a global order without a task that sees everything: keys are sorted within buckets.
 *
 * @module
 */
import type { Dialect } from "../dialect.ts";

/**
 * Whether every `id` is written as a whole number would be, as `whole_numbers` (1 or 0); if so, ids are ordered as numbers, else by
 * code points.
 */
export const allNumeric = (d: Dialect, ids: string): string =>
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
