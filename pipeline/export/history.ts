/**
 * Training examples in full: for each target, the items before it, oldest first, in one field.
 *
 * @module
 */
import pl, { type DataFrame } from "nodejs-polars";
import type { ExportJob } from "./format.ts";
import { interactionChunks } from "./interactions.ts";

/** Number of ids in one chunk. */
const CHUNK_IDS = 5_000_000;

/**
 * Yields frames of `user_id`, `item_id_list` (text: the last `job.maxLength` items before the target), `item_id` (the target),
 * `timestamp` (the target's) and `split`. A user's first interaction has no history and is not a target.
 *
 * The k-th column of the history is the ids shifted down by k rows, so all rows are made at once.
 *
 * @param separator What separates the items.
 */
export async function* historyChunks(job: ExportJob, separator: string): AsyncGenerator<DataFrame> {
  const { maxLength } = job;
  const rows = Math.max(1, Math.floor(CHUNK_IDS / maxLength));
  for await (
    const { frame, lead } of interactionChunks(job, "writing histories", { overlap: maxLength, rows })
  ) {
    const before = Array.from({ length: Math.min(maxLength, frame.height) }, (_, i) => i + 1).reverse().map((
      k,
    ) =>
      pl.when(pl.col("user").shift(k).eq(pl.col("user"))).then(pl.col("item_id").shift(k)).otherwise(
        pl.lit(null),
      )
        .alias(`before ${k}`)
    );
    yield frame.select(
      pl.col("user_id"),
      pl.concatString({ exprs: before, sep: separator, ignoreNulls: true }).alias("item_id_list"),
      pl.col("item_id"),
      pl.col("timestamp"),
      pl.col("split"),
      pl.col("user").shift(1).eq(pl.col("user")).fillNull(pl.lit(false)).alias("target"),
    ).slice(lead, frame.height - lead).filter(pl.col("target")).drop("target");
  }
}
