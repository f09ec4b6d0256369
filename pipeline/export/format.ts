/**
 * The interface of export formats: title and description, and how a format writes its files.
 *
 * @module
 */
import pl, { type DataFrame, type LazyDataFrame } from "nodejs-polars";
import type { SequenceDataset } from "../contract/dataset.ts";
import { checkInterrupt } from "../contract/errors.ts";
import { yieldToEventLoop } from "../contract/machine/event_loop.ts";
import { freeFrames } from "../contract/machine/free_frames.ts";
import { type Progress, silent } from "../contract/progress.ts";
import { type Split, SPLITS, type StageContext } from "../contract/stage.ts";
import type { Compression, Encoding, Output } from "./output.ts";

/** Number of chunks after which the memory of their frames is freed, which takes a fraction of the time of writing one. */
const CHUNKS_HELD = 4;

/** An export in progress: what a format needs to write its files. */
export class ExportJob {
  /** Remarks for the user: what was changed or left out, and what the other tool does differently. */
  readonly notes: string[] = [];

  /** The data set's name in the other tool; safe as a file name. */
  readonly name: string;
  /** Maximum number of items in a history. */
  readonly maxLength: number;
  readonly progress: Progress;
  readonly signal?: AbortSignal;

  /** @param output Receives the files. */
  constructor(
    readonly dataset: SequenceDataset,
    readonly output: Output,
    { name, maxLength, progress = silent, signal }: { name: string; maxLength: number } & StageContext,
  ) {
    this.name = name;
    this.maxLength = maxLength;
    this.progress = progress;
    this.signal = signal;
  }

  /**
   * Passes chunks on and reports progress in rows. Between chunks the event loop runs, so that an abort is noticed, and memory of
   * earlier chunks is freed.
   *
   * @param total Total number of rows.
   * @param chunks Chunks with their numbers of rows.
   */
  async *watch<T>(
    label: string,
    total: number,
    chunks: Iterable<[rows: number, chunk: T]>,
  ): AsyncGenerator<T> {
    const task = this.progress.start(label, total, "rows");
    let done = 0;
    try {
      for (const [rows, chunk] of chunks) {
        yield chunk;
        task.advance(rows);
        if (++done % CHUNKS_HELD === 0) freeFrames();
        await yieldToEventLoop(); // frees the memory of frames no longer used
        checkInterrupt(this.signal, label);
      }
    } finally {
      task.end();
    }
  }

  /** Does work that cannot be divided, and reports its start and its end. */
  async whole(label: string, total: number, work: () => Promise<void>): Promise<void> {
    for await (const _ of this.watch(label, total, [[total, undefined]])) await work();
  }
}

/** Facts about an export format, as listed in {@link EXPORT_FORMATS}. */
export interface ExportFormatFacts {
  /** Short title that says what the format is for. */
  title: string;
  /** One or two sentences: what is written, and for whom. */
  description: string;
  /** Display names of programs that read this format and are not themselves the name of a format. */
  tools?: readonly string[];
  /** Supported compressions; the first is the default. */
  compressions: readonly [Compression, ...Compression[]];
  /** Whether the files have cells that a spreadsheet may take for formulas. Default: false. */
  cells?: boolean;
  /** Whether the items before each target are written out, up to a maximum length. Default: false. */
  histories?: boolean;
  /** Names that the other tool reserves for its own data. */
  reservedNames?: readonly string[];
}

/** An export format; each has its own file in this folder. */
export interface Format extends ExportFormatFacts {
  /** Writes the files. */
  write(job: ExportJob): Promise<void>;
  /** Returns Markdown for the folder's README: the files and how to load them. */
  readme(job: ExportJob): string;
}

/** Rows per chunk: a few tens of megabytes, regardless of the size of the dataset. */
const CHUNK_ROWS = 500_000;

/** Consecutive rows of `interactions`. */
interface Chunk {
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

/**
 * Writes frames with a column `split` into one file per part, without that column, keeping the order of rows.
 *
 * @param path Returns the file's name for a part.
 */
export async function writeSplits(
  job: ExportJob,
  path: (split: Split) => string,
  encoding: Encoding,
  frames: AsyncIterable<DataFrame>,
): Promise<void> {
  const files = SPLITS.map((split) => ({ split, file: job.output.open(path(split), encoding) }));
  for await (const frame of frames) {
    for (const { split, file } of files) {
      file.append(frame.filter(pl.col("split").eq(pl.lit(split))).drop("split"));
    }
  }
  for (const { file } of files) await file.finish();
}
