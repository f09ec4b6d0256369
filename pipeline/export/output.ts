/**
 * Writes the files of an export and counts rows and bytes.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { dirname, join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import pl, { type DataFrame, type LazyDataFrame } from "nodejs-polars";
import { makeFolder } from "../contract/files/stage.ts";
import { BYTE_ORDER_MARK } from "../display/text/safe_cell.ts";

/** The folder into which an export is written. */
export class Output implements Disposable {
  readonly files: ExportedFile[] = [];
  readonly #tables: TableFile[] = [];

  constructor(readonly folder: string, readonly compression: Compression) {}

  /** Returns the file name of a table: `path`, with `.gz` or `.zst` for compressed text. */
  nameOf(path: string, encoding: Encoding): string {
    return encoding === "parquet" ? path : path + (COMPRESSORS[this.compression]?.suffix ?? "");
  }

  /** Opens a table to which frames can be added. */
  open(path: string, encoding: Encoding): TableFile {
    const entry = this.#enter(this.nameOf(path, encoding));
    const target = join(this.folder, entry.path);
    const table = encoding === "parquet"
      ? new ParquetTable(target, entry, this.compression)
      : new TextTable(target, entry, encoding, COMPRESSORS[this.compression]?.compress);
    this.#tables.push(table);
    return table;
  }

  /** Writes a table from one frame, or from a stream of frames. */
  async table(path: string, encoding: Encoding, frames: DataFrame | AsyncIterable<DataFrame>): Promise<void> {
    const table = this.open(path, encoding);
    if (Symbol.asyncIterator in frames) { for await (const frame of frames) table.append(frame); }
    else table.append(frames);
    await table.finish();
  }

  /** Writes a Parquet table from a query with `rows` rows, without holding it in memory. */
  async parquet(path: string, frame: LazyDataFrame, rows: number): Promise<void> {
    const entry = this.#enter(path);
    const target = join(this.folder, path);
    await sinkParquet(frame, target, this.compression);
    entry.rows = rows;
    entry.bytes = Deno.statSync(target).size;
  }

  /** Writes a file that is not a table. */
  text(path: string, text: string): void {
    this.binary(path, [new TextEncoder().encode(text)]);
  }

  /** Writes a file from consecutive pieces of bytes. */
  binary(path: string, pieces: Iterable<Uint8Array>): void {
    const entry = this.#enter(path);
    using file = Deno.openSync(join(this.folder, path), { write: true, createNew: true });
    for (const piece of pieces) {
      for (let at = 0; at < piece.length;) at += file.writeSync(piece.subarray(at));
      entry.bytes += piece.length;
    }
  }

  #enter(path: string): ExportedFile {
    makeFolder(dirname(join(this.folder, path)));
    const entry = { path, rows: 0, bytes: 0 };
    this.files.push(entry);
    return entry;
  }

  /** Closes what an error left open. */
  [Symbol.dispose](): void {
    for (const table of this.#tables) table.close();
  }
}

/** Streams a query's result into a Parquet file. */
async function sinkParquet(
  frame: LazyDataFrame,
  path: string,
  compression: Compression,
  rowGroupSize?: number,
): Promise<void> {
  const options = {
    compression: compression === "none" ? "uncompressed" : compression,
    rowGroupSize,
  } as const;
  await frame.sinkParquet(path, options).collect();
}

/**
 * A Parquet file that grows by frames, for data that no query can stream. Each frame is written to a temporary file beside it; at
 * the end these are streamed into one.
 */
class ParquetTable implements TableFile {
  readonly #parts: string[] = [];
  /** Number of rows in the largest part, used as row group size: long lists take memory per row group. */
  #height = 1;

  constructor(readonly path: string, readonly entry: ExportedFile, readonly compression: Compression) {}

  append(frame: DataFrame): void {
    const part = `${this.path}.part-${this.#parts.length}`;
    this.#parts.push(part);
    this.#height = Math.max(this.#height, frame.height);
    this.entry.rows += frame.height;
    frame.lazy().sinkParquet(part, { compression: "lz4" }).collectSync();
  }

  async finish(): Promise<void> {
    const parts = this.#parts.map((part) => pl.scanParquet(part, { glob: false }));
    const whole = parts.length === 1 ? parts[0] : pl.concat(parts);
    await sinkParquet(whole, this.path, this.compression, this.#height);
    for (const part of this.#parts) {
      Deno.removeSync(part);
    }
    this.entry.bytes = Deno.statSync(this.path).size;
  }

  close(): void {}
}

/** Compression of files that {@link exportDataset} writes. `snappy` and `lz4` are for Parquet only. */
export type Compression = "none" | "gzip" | "zstd" | "snappy" | "lz4";

/** A file written by {@link exportDataset}. */
export interface ExportedFile {
  /** Path relative to the export's folder, with `/` between parts. */
  path: string;
  /** Number of data rows, without a header; 0 for files that are not tables. */
  rows: number;
  /** Size in bytes. */
  bytes: number;
}

/** Converts a frame to bytes; `first` is true for the first frame of a file, which adds the header. */
type Encode = (frame: DataFrame, first: boolean) => Uint8Array;

/** How a table is written: as text, or as Parquet. */
export type Encoding = Encode | "parquet";

/** A table that grows by frames with the same columns. */
interface TableFile {
  /** Appends rows. The first frame, even one without rows, defines the columns. */
  append(frame: DataFrame): void;
  /** Completes the file, after the last frame. */
  finish(): Promise<void>;
  /** Closes the file, complete or not. */
  close(): void;
}

/** Encodes columns with a separator between them, under a header, quoted if necessary. */
export const delimited = (separator: string): Encode => (frame, first) =>
  frame.writeCSV({ separator, includeHeader: first });

/** Adds a byte-order mark, for spreadsheets. */
export const marked = (encode: Encode): Encode => (frame, first) =>
  first
    ? Buffer.concat([new TextEncoder().encode(BYTE_ORDER_MARK), encode(frame, first)])
    : encode(frame, first);

/**
 * Writes the frame's only column, one value per line, unchanged. The lines contain no control characters.
 *
 * Polars quotes fields that contain its quote character, regardless of `quoteStyle`; a character that never occurs is as good as
 * none.
 */
export const lines: Encode = (frame) =>
  frame.writeCSV({ separator: "\u0001", quoteChar: "\u0000", includeHeader: false });

/** Encodes one JSON object per line. */
export const jsonLines: Encode = (frame) =>
  frame.height === 0 ? new Uint8Array(0) : frame.writeJSON({ format: "lines" });

/** File name suffix of each compression, and how it compresses bytes. Compressed pieces can be concatenated. */
const COMPRESSORS: Partial<
  Record<Compression, { suffix: string; compress(bytes: Uint8Array): Uint8Array }>
> = {
  gzip: { suffix: ".gz", compress: (bytes) => gzipSync(bytes) },
  zstd: { suffix: ".zst", compress: (bytes) => zstdCompressSync(bytes) },
};

/** A text file that grows by frames. */
class TextTable implements TableFile {
  readonly #file: Deno.FsFile;
  #first = true;
  #open = true;

  constructor(
    readonly path: string,
    readonly entry: ExportedFile,
    readonly encode: Encode,
    readonly compress?: (bytes: Uint8Array) => Uint8Array,
  ) {
    this.#file = Deno.openSync(path, { write: true, createNew: true });
  }

  append(frame: DataFrame): void {
    const text = this.encode(frame, this.#first);
    this.#first = false;
    if (text.length === 0) return;
    const bytes = this.compress ? this.compress(text) : text;
    for (let at = 0; at < bytes.length;) at += this.#file.writeSync(bytes.subarray(at));
    this.entry.rows += frame.height;
    this.entry.bytes += bytes.length;
  }

  finish(): Promise<void> {
    return Promise.resolve(this.close());
  }

  close(): void {
    if (this.#open) this.#file.close();
    this.#open = false;
  }
}
