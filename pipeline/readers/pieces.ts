/**
 * Stage 1 in pieces: reads files of interactions that need not fit into memory.
 *
 * @module
 */
import pl, { type DataFrame, type Series } from "nodejs-polars";
import type { InputError } from "../contract/errors.ts";
import { writingFailed } from "../contract/errors/system.ts";
import { freeFrames } from "../contract/machine/free_frames.ts";
import { type FilesRead, readFiles } from "./files.ts";
import type { ReadOptions } from "./types.ts";

/** A file with some of the rows that were read. */
export interface Piece {
  /**
   * Path of the Parquet file: `user`, `item` (text), `rating`?, `timestamp`? (numbers, text, or Datetime), `ragged`?, `misquoted`?,
   * `unparsed`?, `source_row` (Int64).
   */
  path: string;
  /** Type of each column. */
  types: Record<string, string>;
}

/** Number of pieces whose frames are freed together. */
const FREE_AFTER = 4;

/** Options of reading in pieces. */
export interface PiecesOptions extends ReadOptions {
  /** An empty folder, in which the pieces stay. */
  folder: string;
  /** Minimum size of a piece in bytes of text. Default: 8 MiB. */
  pieceBytes?: number;
}

/**
 * Reads files of interactions as `readInteractions` does, into a folder of Parquet files.
 *
 * @param refused Returns the error for a format that cannot be read in pieces.
 * @throws {InputError} as `readInteractions` does, and that of `refused`.
 */
export async function readInteractionPieces(
  { folder, pieceBytes, ...options }: PiecesOptions,
  refused: (format: string) => InputError,
): Promise<FilesRead & { pieces: Piece[] }> {
  const pieces: Piece[] = [];
  let rows = 0;
  const take = async (frame: DataFrame) => {
    const path = `${folder}/${pieces.length}.parquet`;
    try {
      await written(frame, rows, path);
    } catch (error) {
      throw writingFailed(path, error); // the disk's fault, not that of the file being read
    }
    pieces.push({ path, types: typesOf(frame) });
    rows += frame.height;
    if (pieces.length % FREE_AFTER === 0) freeFrames();
    return frame.height;
  };
  const read = await readFiles(options, { ids: pl.String, pieceBytes, take, refused });
  return { ...read, pieces };
}

const written = (frame: DataFrame, firstRow: number, path: string) =>
  frame.lazy().withRowIndex("source_row")
    .withColumn(pl.col("source_row").cast(pl.Int64).add(pl.lit(firstRow).cast(pl.Int64)))
    .sinkParquet(path, { compression: "lz4" }).collect();

const typesOf = (frame: DataFrame) =>
  Object.fromEntries(frame.columns.map((name) => [name, typeOf(frame.getColumn(name))]));

const typeOf = ({ dtype }: Series): string => {
  const { variant, timeUnit } = dtype as { variant: string; timeUnit?: string };
  return timeUnit === undefined ? variant : `${variant}(${timeUnit})`;
};
