/**
 * Rows that come frame by frame, and of all of which memory need not be enough.
 *
 * @module
 */
import { join } from "node:path";
import pl from "nodejs-polars";
import { writingFailed } from "./files/system.ts";
import type { DataFrame, LazyDataFrame, Rows } from "./frame.ts";
import { freeFrames } from "./machine/free_frames.ts";

/** Some rows behind the others. One frame stays in memory; as soon as there are two, all are in files. */
export class GrowingRows {
  #first?: DataFrame;
  readonly #files: string[] = [];
  #height = 0;

  /**
   * @param folder For the files, if it comes to that.
   * @param name What they are called there.
   */
  constructor(readonly folder: string, readonly name: string) {}

  /** @throws {InputError} where they cannot be written. */
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

  /** All of them, of which there is one frame at least; nothing may be added any more. Several frames become one file, so that any row is found at once. */
  async rows(): Promise<Rows> {
    if (this.#first !== undefined) return this.#first;
    const whole = await this.#write(pl.concat(this.#files.map(scanRows)), this.name);
    for (const piece of this.#files) Deno.removeSync(piece);
    return { height: this.#height, columns: scanRows(whole).columns, lazy: () => scanRows(whole) };
  }

  /** Writes a file; returns its path. */
  async #write(rows: LazyDataFrame, name: string): Promise<string> {
    const path = join(this.folder, `${name}.parquet`);
    await writeRows(path, rows);
    freeFrames();
    return path;
  }
}

/**
 * Writes a file of rows that is read again soon.
 *
 * @throws {InputError} where it cannot be written.
 */
export async function writeRows(path: string, rows: LazyDataFrame): Promise<void> {
  await rows.sinkParquet(path, { compression: "lz4" }).collect().catch((error) => {
    throw writingFailed(path, error);
  });
}

/** The rows of such a file. */
export const scanRows = (path: string): LazyDataFrame => pl.scanParquet(path, { glob: false });
