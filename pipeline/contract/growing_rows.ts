/**
 * Rows that arrive frame by frame, and that together may not fit into memory.
 *
 * @module
 */
import { join } from "node:path";
import pl from "nodejs-polars";
import { writingFailed } from "./errors/system.ts";
import type { DataFrame, LazyDataFrame, Rows } from "./frame.ts";
import { freeFrames } from "./machine/free_frames.ts";

/** Collects frames of rows one after another. A single frame stays in memory; from the second one on, all are written to files. */
export class GrowingRows {
  #first?: DataFrame;
  readonly #files: string[] = [];
  #height = 0;

  /**
   * @param folder Folder for the files, if any are needed.
   * @param name Name of the files.
   */
  constructor(readonly folder: string, readonly name: string) {}

  /** @throws {InputError} if they cannot be written. */
  async add(frame: DataFrame): Promise<void> {
    this.#height += frame.height;
    if (this.#files.length === 0 && this.#first === undefined) {
      this.#first = frame;
      return;
    }
    const first = this.#first;
    this.#first = undefined;
    for (const piece of first === undefined ? [frame] : [first, frame]) {
      const path = await this.#write(piece.lazy(), `${this.name}-${this.#files.length}`);
      this.#files.push(path);
    }
  }

  /**
   * Returns all rows, of at least one frame. Nothing may be added later. Several frames become one file, so that any row is found quickly.
   */
  async rows(): Promise<Rows> {
    if (this.#first !== undefined) return this.#first;
    const whole = await this.#write(pl.concat(this.#files.map(scanRows)), this.name);
    for (const piece of this.#files) Deno.removeSync(piece);
    return { height: this.#height, columns: scanRows(whole).columns, lazy: () => scanRows(whole) };
  }

  /** Writes a file and returns its path. */
  async #write(rows: LazyDataFrame, name: string): Promise<string> {
    const path = join(this.folder, `${name}.parquet`);
    await writeRows(path, rows);
    freeFrames();
    return path;
  }
}

/**
 * Writes a file of rows that will soon be read again.
 *
 * @throws {InputError} if it cannot be written.
 */
export async function writeRows(path: string, rows: LazyDataFrame): Promise<void> {
  await rows.sinkParquet(path, { compression: "lz4" }).collect().catch((error) => {
    throw writingFailed(path, error);
  });
}

/** Returns the rows of such a file. */
export const scanRows = (path: string): LazyDataFrame => pl.scanParquet(path, { glob: false });
