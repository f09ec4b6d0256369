/**
 * Popularity of items, as negatives are drawn by it.
 *
 * @module
 */
import pl from "nodejs-polars";
import type { DataFrame } from "../contract/frame.ts";
import type { InteractionsFrame } from "../contract/stage.ts";

/**
 * How often each item is a target: the interactions that are not the first of their user's sequence, all parts of the
 * split together. It is what RecBole 1.x counts for its popularity negatives.
 *
 * @param frame Ordered by user, then time.
 * @param items Number of items; ids run from 1.
 * @returns [items + 1]; index 0, the padding, is 0.
 */
export function targetCounts(frame: InteractionsFrame, items: number): Uint32Array {
  const counted = frame.lazy().filter(pl.col("user").eq(pl.col("user").shift(1)))
    .groupBy("item").agg(pl.len().alias("n")).collectSync();
  return countsByItem(counted, items);
}

/**
 * Counts in the places of their items.
 *
 * @param counted `item`, `n`; items that are not in it have 0.
 * @returns [items + 1].
 */
export function countsByItem(counted: DataFrame, items: number): Uint32Array {
  const [ids, numbers] = ["item", "n"].map((name) =>
    counted.getColumn(name).cast(pl.UInt32).toTypedArray() as Uint32Array
  );
  const counts = new Uint32Array(items + 1);
  ids.forEach((item, i) => counts[item] = numbers[i]);
  return counts;
}
