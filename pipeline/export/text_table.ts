/**
 * Tables as text, written chunk by chunk, compressed or not.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { basename } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import type { DataFrame } from "nodejs-polars";
import { BYTE_ORDER_MARK } from "../display/text/safe_cell.ts";
import { announce } from "../contract/files/changes.ts";
import type { Compression, Encode, ExportedFile, TableFile } from "./table_file.ts";

/** Columns between separators under a header, quoted where they must be. */
export const delimited = (separator: string): Encode => (frame, first) =>
  frame.writeCSV({ separator, includeHeader: first });

/** The same for a spreadsheet. */
export const marked = (encode: Encode): Encode => (frame, first) =>
  first
    ? Buffer.concat([new TextEncoder().encode(BYTE_ORDER_MARK), encode(frame, first)])
    : encode(frame, first);

/**
 * The only column of the frame, a line each, written as it is. The lines hold no control characters.
 *
 * Polars quotes what contains its quote character, whatever `quoteStyle` says here; one that never occurs is as good
 * as none.
 */
export const lines: Encode = (frame) =>
  frame.writeCSV({ separator: "\u0001", quoteChar: "\u0000", includeHeader: false });

/** One JSON object a line. */
export const jsonLines: Encode = (frame) =>
  frame.height === 0 ? new Uint8Array(0) : frame.writeJSON({ format: "lines" });

/** The end of a compressed file's name, and how its bytes are made. Compressed pieces may follow each other. */
export const COMPRESSORS: Partial<
  Record<Compression, { suffix: string; compress(bytes: Uint8Array): Uint8Array }>
> = {
  gzip: { suffix: ".gz", compress: (bytes) => gzipSync(bytes) },
  zstd: { suffix: ".zst", compress: (bytes) => zstdCompressSync(bytes) },
};

/** A text file that grows by frames. */
export class TextTable implements TableFile {
  readonly #file: Deno.FsFile;
  #first = true;
  #open = true;

  constructor(
    readonly path: string,
    readonly entry: ExportedFile,
    readonly encode: Encode,
    readonly compress?: (bytes: Uint8Array) => Uint8Array,
  ) {
    announce(`create ${basename(path)}`);
    this.#file = Deno.openSync(path, { write: true, createNew: true });
  }

  append(frame: DataFrame): void {
    const text = this.encode(frame, this.#first);
    this.#first = false;
    if (text.length === 0) return;
    const bytes = this.compress ? this.compress(text) : text;
    announce(`write ${basename(this.path)}`);
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
