/**
 * The frozen negatives with original ids.
 *
 * @module
 */
import pl, { type DataFrame } from "nodejs-polars";
import type { ExportJob } from "./format.ts";
import { itemIds, withIds } from "./interactions.ts";

/** Number of ids in one chunk. */
const CHUNK_IDS = 2_000_000;

/**
 * Yields frames of `protocol`, `split`, `user`, `target` (original ids) and `negatives` (a list of original ids), in the dataset's
 * order.
 */
export function negativeChunks(job: ExportJob): AsyncGenerator<DataFrame> {
  const { dataset } = job;
  const total = dataset.manifest.tables.negatives.rows;
  const rows = Math.ceil(CHUNK_IDS / Math.max(1, dataset.manifest.negatives.count));
  function* chunks(): Generator<[number, DataFrame]> {
    // At least one chunk, which defines the columns even without rows.
    for (let start = 0; start === 0 || start < total; start += rows) {
      const part = dataset.slice("negatives", start, rows).withRowIndex("place").collectSync();
      yield [part.height, named(part)];
    }
  }
  const named = (part: DataFrame) => {
    const lists = part.lazy().select("place", pl.col("negatives").alias("item")).explode("item")
      .join(itemIds(dataset), { on: "item", how: "left", maintainOrder: "left" })
      .groupBy("place", true).agg(pl.col("item_id").dropNulls().alias("negatives"));
    return withIds(
      dataset,
      part.lazy().select("place", "protocol", "split", "user", pl.col("target").alias("item")),
    )
      .join(lists, { on: "place", how: "left", maintainOrder: "left" })
      .select(
        "protocol",
        "split",
        pl.col("user_id").alias("user"),
        pl.col("item_id").alias("target"),
        "negatives",
      )
      .collectSync();
  };
  return job.watch("writing negatives", total, chunks());
}
