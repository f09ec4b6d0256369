/**
 * Parquet tables, written chunk by chunk.
 *
 * @module
 */
import pl, { type DataFrame, type LazyDataFrame } from "nodejs-polars";
import type { Compression, ExportedFile, TableFile } from "./table_file.ts";

/** Streams a query's result into a Parquet file. */
export async function sinkParquet(
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
export class ParquetTable implements TableFile {
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
