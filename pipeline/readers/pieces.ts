/**
 * Reads files that need not fit into memory, piece by piece.
 *
 * A piece of text is a separate file while it is read, so that code for whole files can read it.
 *
 * @module
 */
import { join } from "node:path";
import type { DataFrame } from "../contract/frame.ts";
import { checkInterrupt } from "../contract/errors.ts";
import { silent } from "../contract/progress.ts";
import type { StageContext } from "../contract/stage.ts";
import { writingFailed } from "../contract/errors/system.ts";
import { lineAt, lineTooLong, MAX_LINE, utf8Content } from "./content.ts";
import type { FileEncoding } from "./decode.ts";
import { checkedQuotes, QuoteCheck } from "./delimited/quotes.ts";
import { RecordCutter, type RecordMarks } from "./pieces/record_cutter.ts";
import type { Source } from "./source.ts";

/** Receives a file's pieces. */
export interface PieceSink {
  /** A folder for temporary files. */
  folder: string;
  /** Minimum size of a piece in bytes of text. */
  pieceBytes?: number;
  /** Takes the next rows. */
  add(rows: DataFrame): Promise<void>;
  /** Discards this file's rows: all of them will come again. */
  again(): void;
}

/** Large enough that the time for one more piece does not matter, and small enough that its memory does not. */
export const PIECE_BYTES = 1 << 23;

/**
 * Yields a text as files of whole records in UTF-8, each deleted when the next is requested.
 *
 * @throws {InputError} for a fault in its quotes.
 */
export async function* textPieces(
  source: Source,
  { encoding, ...marks }: RecordMarks & { encoding: FileEncoding },
  { folder, pieceBytes = PIECE_BYTES, progress = silent, signal }:
    & StageContext
    & Pick<PieceSink, "folder" | "pieceBytes">,
): AsyncGenerator<Source> {
  const task = progress.start(`reading ${source.name}`, source.bytes, "bytes");
  const { lineEnd, delimiter } = marks, cutter = new RecordCutter(marks), path = join(folder, "piece");
  const check = delimiter === undefined ? undefined : new QuoteCheck({ lineEnd, delimiter });
  const write = function* (bytes: Uint8Array): Generator<Source> {
    if (bytes.length === 0) return;
    checkInterrupt(signal, `reading ${source.path}`);
    try {
      Deno.writeFileSync(path, bytes);
    } catch (error) {
      throw writingFailed(path, error);
    }
    try {
      yield {
        ...source,
        path,
        bytes: bytes.length,
        gzip: false,
        head: bytes.subarray(0, 3), // the length of a byte-order mark
        whole: false,
        misquoted: check?.misquoted,
      };
    } finally {
      Deno.removeSync(path); // what is memory-mapped from it stays available
    }
  };
  try {
    const onBytes = (bytes: number) => task.advance(bytes);
    const text = utf8Content(source, encoding, onBytes);
    const checked = check ? checkedQuotes(source, encoding, text, check) : text;
    let read = 0;
    for await (const bytes of checked) {
      cutter.add(bytes);
      read += bytes.length;
      if (cutter.length < pieceBytes) continue;
      yield* write(cutter.take());
      if (cutter.length <= MAX_LINE) continue;
      const line = await lineAt(source, { encoding, ...marks }, read - cutter.length);
      throw lineTooLong(source.path, line, MAX_LINE);
    }
    yield* write(cutter.take(true));
  } finally {
    task.end();
  }
}
