/**
 * Parquet tables, written chunk by chunk.
 *
 * @module
 */
import pl, { type DataFrame } from "nodejs-polars";
import type { Compression, ExportedFile, TableFile } from "./output.ts";

/** Polars' names. */
const compressionName = (compression: Compression) => compression === "none" ? "uncompressed" : compression;

/** A Parquet file that grows by frames. Each is put in a file beside it; at the end these are streamed into one. */
export class ParquetTable implements TableFile {
  readonly #parts: string[] = [];

  constructor(readonly path: string, readonly entry: ExportedFile, readonly compression: Compression) {}

  append(frame: DataFrame): void {
    const part = `${this.path}.part-${this.#parts.length}`;
    this.#parts.push(part);
    this.entry.rows += frame.height;
    frame.lazy().sinkParquet(part, { compression: compressionName(this.compression) }).collectSync();
  }

  async finish(): Promise<void> {
    const [first, ...others] = this.#parts;
    if (others.length === 0) {
      Deno.renameSync(first, this.path);
    } else {
      await pl.concat(this.#parts.map((part) => pl.scanParquet(part, { glob: false })))
        .sinkParquet(this.path, { compression: compressionName(this.compression) }).collect();
      for (const part of this.#parts) Deno.removeSync(part);
    }
    this.entry.bytes = Deno.statSync(this.path).size;
  }

  close(): void {}
}
