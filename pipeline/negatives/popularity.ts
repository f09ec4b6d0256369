/**
 * The popularity of items, for drawing negatives.
 *
 * @module
 */
import pl from "nodejs-polars";
import type { DataFrame } from "../contract/frame.ts";
import type { InteractionsFrame } from "../contract/stage.ts";

/**
 * Counts how often each item is a target: the interactions that are not the first of their user's sequence, over all parts of
 * the split. RecBole 1.x counts the same for its popularity negatives.
 *
 * @param frame Interactions ordered by user, then time.
 * @param items Number of items; ids run from 1.
 * @returns Counts [items + 1]; index 0, the padding, is 0.
 */
export function targetCounts(frame: InteractionsFrame, items: number): Uint32Array {
  const counted = frame.lazy().filter(pl.col("user").eq(pl.col("user").shift(1)))
    .groupBy("item").agg(pl.len().alias("n")).collectSync();
  return countsByItem(counted, items);
}

/**
 * Arranges counts by item id.
 *
 * @param counted A table with `item`, `n`; items that are not in it have 0.
 * @returns Counts [items + 1].
 */
export function countsByItem(counted: DataFrame, items: number): Uint32Array {
  const [ids, numbers] = ["item", "n"].map((name) =>
    counted.getColumn(name).cast(pl.UInt32).toTypedArray() as Uint32Array
  );
  const counts = new Uint32Array(items + 1);
  ids.forEach((item, i) => counts[item] = numbers[i]);
  return counts;
}
