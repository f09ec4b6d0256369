/**
 * Estimates how many interactions files hold, and whether they have ratings, from their beginnings and sizes.
 *
 * @module
 */
import { gzipSync } from "node:zlib";
import { InputError } from "../contract/errors.ts";
import { formatOf, scanOf } from "./files.ts";
import { expandPaths } from "./paths.ts";
import { encodingOf, headText, openFilled, type Source } from "./source.ts";
import type { Scan } from "./scan.ts";
import type { ReadOptions } from "./types.ts";

/** What is known about interactions before they are read. */
export interface LogEstimate {
  /** Number of rows: as Parquet states it; for text, extrapolated from the beginning of the file. */
  rows: number;
  /** Whether any file has ratings. */
  ratings: boolean;
}

/**
 * Estimates all files together.
 *
 * @returns undefined for a format whose lines are not rows, or whose rows are not counted.
 * @throws {InputError} for files that cannot be read.
 */
export async function estimateLog(options: ReadOptions): Promise<LogEstimate | undefined> {
  const log: LogEstimate = { rows: 0, ratings: false };
  for (const path of expandPaths(options.files)) {
    const source = await openFilled(path);
    if (!source) continue;
    const format = formatOf(source, options);
    if (format === "sequences" || format === "arrow") return undefined;
    const scan = await scanOf(source, format, options).catch(ofFaulty);
    if (format === "parquet" && scan?.rows === undefined) return undefined;
    log.rows += scan?.rows ?? linesOf(source);
    log.ratings ||= !scan || scan.use.taken.rating !== undefined;
  }
  return log;
}

/** A file whose columns cannot be found is taken to have ratings; the reader reports what is wrong with it. */
function ofFaulty(error: unknown): Scan | undefined {
  if (error instanceof InputError) return undefined;
  throw error;
}

function linesOf(source: Source): number {
  const { head, whole, gzip, bytes } = source;
  const lines =
    headText(source, encodingOf(source)).split(/\n|\r(?!\n)/).filter((line) => line !== "").length;
  const end = Math.max(head.lastIndexOf(10), head.lastIndexOf(13)) + 1;
  // Interaction texts compress like their beginnings, to within a fifth.
  const inflated = gzip ? bytes * head.length / gzipSync(head).length : bytes;
  return Math.round(inflated / (whole || end === 0 ? head.length : end) * lines);
}
