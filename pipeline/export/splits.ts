/**
 * Writes one file for each part of the split.
 *
 * @module
 */
import pl, { type DataFrame } from "nodejs-polars";
import { type Split, SPLITS } from "../contract/stage.ts";
import type { ExportJob } from "./format.ts";
import type { Encoding } from "./table_file.ts";

/**
 * Writes frames with a column `split` into one file per part, without that column, keeping the order of rows.
 *
 * @param path Returns the file's name for a part.
 */
export async function writeSplits(
  job: ExportJob,
  path: (split: Split) => string,
  encoding: Encoding,
  frames: AsyncIterable<DataFrame>,
): Promise<void> {
  const files = SPLITS.map((split) => ({ split, file: job.output.open(path(split), encoding) }));
  for await (const frame of frames) {
    for (const { split, file } of files) {
      file.append(frame.filter(pl.col("split").eq(pl.lit(split))).drop("split"));
    }
  }
  for (const { file } of files) await file.finish();
}
