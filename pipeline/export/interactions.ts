/**
 * The interactions under their original ids, chunk by chunk in the dataset's order.
 *
 * @module
 */
import pl, { type DataFrame, type LazyDataFrame } from "nodejs-polars";
import type { SequenceDataset } from "../contract/dataset.ts";
import type { ExportJob } from "./format.ts";

/** Rows of one chunk: a few tens of megabytes, whatever the size of the dataset. */
const CHUNK_ROWS = 500_000;

/** Consecutive rows of `interactions`. */
export interface Chunk {
  /** `user`, `item` (u32), `user_id`, `item_id` (string), `rating`?, `timestamp`, `split`. */
  frame: DataFrame;
  /** How many of its first rows belong to the chunk before: what was asked for as `overlap`. */
  lead: number;
}

/** How the rows are cut. */
export interface ChunkOptions {
  /** Rows of the chunk before that come along. Default 0. */
  overlap?: number;
  /** Most rows of a chunk, `overlap` not counted. */
  rows?: number;
  /** Whether a user's rows stay together; a user with more rows than a chunk has one of their own. Default: no. */
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

/** `item` (u32) and `item_id` (string). */
export function itemIds(dataset: SequenceDataset): LazyDataFrame {
  return dataset.table("items").select("item", pl.col("id").alias("item_id")).lazy();
}

/** All interactions, cut into chunks. */
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

/** Row numbers behind the last row of a user, such that the rows between two are at most `rows` where that can be. */
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
