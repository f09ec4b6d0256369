/**
 * Writes the files of an export and counts rows and bytes.
 *
 * @module
 */
import { dirname, join } from "node:path";
import type { DataFrame, LazyDataFrame } from "nodejs-polars";
import { makeFolder } from "../contract/files/stage.ts";
import { ParquetTable, sinkParquet } from "./parquet_table.ts";
import type { Compression, Encoding, ExportedFile, TableFile } from "./table_file.ts";
import { COMPRESSORS, TextTable } from "./text_table.ts";

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
