/**
 * The files of an export, counted as they are written.
 *
 * @module
 */
import { dirname, join } from "node:path";
import type { DataFrame, LazyDataFrame } from "nodejs-polars";
import { ParquetTable, sinkParquet } from "./parquet_table.ts";
import { COMPRESSORS, type Encode, TextTable } from "./text_table.ts";

/** How files are compressed. `snappy` and `lz4` are for Parquet only. */
export type Compression = "none" | "gzip" | "zstd" | "snappy" | "lz4";

/** One file that was written. */
export interface ExportedFile {
  /** Relative to the export's folder, with `/` between parts. */
  path: string;
  /** Rows of data, a header not counted; 0 for files that hold no table. */
  rows: number;
  bytes: number;
}

/** How a table is written: as text, or as Parquet. */
export type Encoding = Encode | "parquet";

/** A table that grows by frames of the same columns. */
export interface TableFile {
  /** Adds rows behind those before. The first frame, even one without rows, brings the columns. */
  append(frame: DataFrame): void;
  /** To be called behind the last frame. */
  finish(): Promise<void>;
  /** Lets go of the file, finished or not. */
  close(): void;
}

/** The folder that an export is written into. */
export class Output implements Disposable {
  readonly files: ExportedFile[] = [];
  readonly #tables: TableFile[] = [];

  constructor(readonly folder: string, readonly compression: Compression) {}

  /** The name that a table gets: `path`, and `.gz` or `.zst` where it is compressed text. */
  nameOf(path: string, encoding: Encoding): string {
    return encoding === "parquet" ? path : path + (COMPRESSORS[this.compression]?.suffix ?? "");
  }

  /** Opens a table for frames to be added. */
  open(path: string, encoding: Encoding): TableFile {
    const entry = this.#enter(this.nameOf(path, encoding));
    const target = join(this.folder, entry.path);
    const table = encoding === "parquet"
      ? new ParquetTable(target, entry, this.compression)
      : new TextTable(target, entry, encoding, COMPRESSORS[this.compression]?.compress);
    this.#tables.push(table);
    return table;
  }

  /** Writes a table that is one frame, or a stream of frames. */
  async table(path: string, encoding: Encoding, frames: DataFrame | AsyncIterable<DataFrame>): Promise<void> {
    const table = this.open(path, encoding);
    if (Symbol.asyncIterator in frames) { for await (const frame of frames) table.append(frame); }
    else table.append(frames);
    await table.finish();
  }

  /** Writes a Parquet table of so many rows from a query, without holding it in memory. */
  async parquet(path: string, frame: LazyDataFrame, rows: number): Promise<void> {
    const entry = this.#enter(path);
    const target = join(this.folder, path);
    await sinkParquet(frame, target, this.compression);
    entry.rows = rows;
    entry.bytes = Deno.statSync(target).size;
  }

  /** Writes a file that is no table. */
  text(path: string, text: string): void {
    const bytes = new TextEncoder().encode(text);
    const entry = this.#enter(path);
    Deno.writeFileSync(join(this.folder, path), bytes);
    entry.bytes = bytes.length;
  }

  #enter(path: string): ExportedFile {
    Deno.mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    const entry = { path, rows: 0, bytes: 0 };
    this.files.push(entry);
    return entry;
  }

  /** Closes what an error left open. */
  [Symbol.dispose](): void {
    for (const table of this.#tables) table.close();
  }
}
