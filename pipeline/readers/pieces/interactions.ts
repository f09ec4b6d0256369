/**
 * Stage 1 in pieces: reads files of interactions that need not fit into memory.
 *
 * @module
 */
import pl, { type Series } from "nodejs-polars";
import type { InputError } from "../../contract/errors.ts";
import type { DataFrame } from "../../contract/frame.ts";
import { writingFailed } from "../../contract/errors/system.ts";
import { freeFrames } from "../../contract/machine/free_frames.ts";
import { readColumnarPieces } from "../columnar.ts";
import { readDelimitedPieces } from "../delimited.ts";
import { type FileFacts, type FilesRead, formatOf, readFiles } from "../files.ts";
import { readJsonPieces } from "../jsonl.ts";
import type { PieceSink } from "../pieces.ts";
import { type ColumnsWish, parseColumns } from "../roles.ts";
import { encodingOf, type Source } from "../source.ts";
import { textLayout } from "../delimited/layout.ts";
import type { ReadOptions } from "../types.ts";

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
  options: PiecesOptions,
  refused: (format: string) => InputError,
): Promise<FilesRead<FileFacts> & { pieces: Piece[] }> {
  const columns = parseColumns(options.columns), pieces: Piece[] = [];
  let rows = 0;
  // The pieces report the progress.
  const read = await readFiles({ ...options, progress: undefined }, async (source) => {
    const firstPiece = pieces.length, firstRow = rows;
    const sink: PieceSink = {
      folder: options.folder,
      pieceBytes: options.pieceBytes,
      add: async (frame) => {
        const path = `${options.folder}/${pieces.length}.parquet`;
        await written(frame, rows, path).catch((error) => {
          throw writingFailed(path, error); // the disk's fault, not that of the file being read
        });
        pieces.push({ path, types: typesOf(frame) });
        rows += frame.height;
        if (pieces.length % FREE_AFTER === 0) freeFrames();
      },
      again: () => {
        pieces.splice(firstPiece).forEach(({ path }) => Deno.removeSync(path));
        rows = firstRow;
      },
    };
    return await readFile(source, options, columns, sink, refused);
  });
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

function readFile(
  source: Source,
  options: ReadOptions,
  columns: ColumnsWish | undefined,
  sink: PieceSink,
  refused: (format: string) => InputError,
): Promise<FileFacts> {
  const { delimiter, header, quotes, textTimes, textRatings } = options, format = formatOf(source, options);
  const encoding = encodingOf(source, options.encoding);
  switch (format) {
    case "jsonl":
      return readJsonPieces(
        source,
        { columns, encoding, amazon: options.format === "amazon" },
        sink,
        options,
      );
    case "parquet":
      return readColumnarPieces(source, columns, sink, options);
    case "arrow":
    case "sequences":
      throw refused(format);
  }
  const warnings: string[] = [];
  const wish = { delimiter, header, quotes, columns, encoding, textTimes, textRatings };
  const layout = textLayout(source, format, wish, warnings);
  return readDelimitedPieces(source, layout, warnings, sink, options, format === "movielens");
}
