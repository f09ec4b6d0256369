/**
 * Interactions with their original ids, chunk by chunk in the dataset's order.
 *
 * @module
 */
import pl, { type DataFrame, type LazyDataFrame } from "nodejs-polars";
import type { SequenceDataset } from "../contract/dataset.ts";
import type { ExportJob } from "./format.ts";

/** Rows per chunk: a few tens of megabytes, regardless of the size of the dataset. */
const CHUNK_ROWS = 500_000;

/** Consecutive rows of `interactions`. */
export interface Chunk {
  /** `user`, `item` (u32), `user_id`, `item_id` (string), `rating`?, `timestamp`, `split`. */
  frame: DataFrame;
  /** Number of its first rows that belong to the previous chunk, up to the requested `overlap`. */
  lead: number;
}

/** Options for dividing the rows into chunks. */
export interface ChunkOptions {
  /** Number of rows of the previous chunk to repeat. Default: 0. */
  overlap?: number;
  /** Maximum number of rows in a chunk, not counting `overlap`. */
  rows?: number;
  /** Whether to keep a user's rows together; a user with more rows than a chunk gets a chunk of their own. Default: false. */
  wholeUsers?: boolean;
}

/** Adds `user_id` and `item_id` to a frame with `user` and `item`, keeping the order of rows. */
export function withIds(
  dataset: SequenceDataset,
  frame: LazyDataFrame,
  users?: [first: number, last: number],
) {
  const userIds = dataset.table("users").select("user", pl.col("id").alias("user_id"));
  return frame
    .join((users ? userIds.slice(users[0] - 1, users[1] - users[0] + 1) : userIds).lazy(), {
      on: "user",
      how: "left",
      maintainOrder: "left",
    })
    .join(itemIds(dataset), { on: "item", how: "left", maintainOrder: "left" });
}

/** Returns a table of `item` (u32) and `item_id` (string). */
export function itemIds(dataset: SequenceDataset): LazyDataFrame {
  return dataset.table("items").select("item", pl.col("id").alias("item_id")).lazy();
}

/** Yields all interactions in chunks. */
export function interactionChunks(
  job: ExportJob,
  label: string,
  options: ChunkOptions = {},
): AsyncGenerator<Chunk> {
  const { overlap = 0, rows = CHUNK_ROWS, wholeUsers = false } = options;
  const { dataset } = job;
  const total = dataset.manifest.counts.interactions;
  const ends = wholeUsers ? userEnds(dataset, rows) : evenEnds(total, rows);
  function* chunks(): Generator<[number, Chunk]> {
    let start = 0;
    for (const end of ends) {
      const lead = Math.min(overlap, start);
      const part = dataset.slice("interactions", start - lead, end - start + lead).collectSync();
      const users = part.getColumn("user");
      const frame = withIds(dataset, part.lazy(), [users.get(0), users.get(part.height - 1)]).collectSync();
      yield [end - start, { frame, lead }];
      start = end;
    }
  }
  return job.watch(label, total, chunks());
}

function evenEnds(total: number, rows: number): number[] {
  return Array.from({ length: Math.ceil(total / rows) }, (_, i) => Math.min(total, (i + 1) * rows));
}

/** Row numbers after the last row of a user, chosen so that there are at most `rows` rows between two of them, if possible. */
function userEnds(dataset: SequenceDataset, rows: number): number[] {
  const ends: number[] = [];
  let start = 0, end = 0;
  for (const length of dataset.table("users").getColumn("interactions").toTypedArray() as Uint32Array) {
    if (end > start && end + length - start > rows) ends.push(start = end);
    end += length;
  }
  if (end > start) ends.push(end);
  return ends;
}
