/**
 * Writes tables as text, chunk by chunk, compressed or not.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { gzipSync, zstdCompressSync } from "node:zlib";
import type { DataFrame } from "nodejs-polars";
import { BYTE_ORDER_MARK } from "../display/text/safe_cell.ts";
import type { Compression, Encode, ExportedFile, TableFile } from "./table_file.ts";

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
