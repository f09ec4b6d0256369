/**
 * Parquet tables, written chunk by chunk.
 *
 * @module
 */
import pl, { type DataFrame, type LazyDataFrame } from "nodejs-polars";
import type { Compression, ExportedFile, TableFile } from "./output.ts";

/** Writes a query's result as Parquet, in a stream. */
export async function sinkParquet(
  frame: LazyDataFrame,
  path: string,
  compression: Compression,
): Promise<void> {
  await frame.sinkParquet(path, { compression: compression === "none" ? "uncompressed" : compression })
    .collect();
}

/**
 * A Parquet file that grows by frames, for what no query can stream. Each frame is put in a file beside it; at the end
 * these are streamed into one.
 */
export class ParquetTable implements TableFile {
  readonly #parts: string[] = [];

  constructor(readonly path: string, readonly entry: ExportedFile, readonly compression: Compression) {}

  append(frame: DataFrame): void {
    const part = `${this.path}.part-${this.#parts.length}`;
    this.#parts.push(part);
    this.entry.rows += frame.height;
    frame.writeParquet(part, { compression: "lz4" });
  }

  async finish(): Promise<void> {
    const parts = this.#parts.map((part) => pl.scanParquet(part, { glob: false }));
    await sinkParquet(parts.length === 1 ? parts[0] : pl.concat(parts), this.path, this.compression);
    for (const part of this.#parts) Deno.removeSync(part);
    this.entry.bytes = Deno.statSync(this.path).size;
  }

  close(): void {}
}
