/**
 * Estimates how many interactions files hold, and whether they have ratings, from their beginnings and sizes.
 *
 * @module
 */
import { gzipSync } from "node:zlib";
import { InputError } from "../contract/errors.ts";
import { openRegular } from "../contract/files/readable.ts";
import { bytesOfFile } from "./bytes.ts";
import { type ColumnarScan, scanColumnar } from "./columnar/scan.ts";
import { columnPaths } from "./columnar/structures.ts";
import { textLayout } from "./delimited/layout.ts";
import { fieldsByHeader } from "./fields.ts";
import { formatOf } from "./files.ts";
import { expandPaths } from "./paths.ts";
import { type ColumnsWish, parseColumns } from "./roles.ts";
import { columnarKind, encodingOf, headText, openFilled, type Source } from "./source.ts";
import type { ReadFormat, ReadOptions } from "./types.ts";

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
  const columns = parseColumns(options.columns), log: LogEstimate = { rows: 0, ratings: false };
  for (const path of expandPaths(options.files)) {
    const source = await openFilled(path);
    if (!source) continue;
    const format = formatOf(source, options);
    if (format === "sequences" || format === "arrow") return undefined;
    const scan = columnarKind(source) && !source.gzip ? await scanColumnar(source) : undefined;
    if (columnarKind(source) && scan?.rows === undefined) return undefined;
    log.rows += scan?.rows ?? linesOf(source);
    log.ratings ||= hasRatings(source, format, { ...options, columns }, scan);
  }
  return log;
}

/**
 * Whether a file has ratings. Assumed for files whose rows are objects, each with its own columns, and for files whose columns
 * cannot be found, which the reader reports.
 */
function hasRatings(
  source: Source,
  format: Exclude<ReadFormat, "auto" | "sequences" | "arrow">,
  { columns, delimiter, header, quotes, encoding }: Omit<ReadOptions, "columns"> & { columns?: ColumnsWish },
  scan?: ColumnarScan,
): boolean {
  try {
    if (scan) {
      return fieldsByHeader(source.path, columnPaths(scan.scan), columns, []).fields.rating !== undefined;
    }
    if (format === "jsonl" || format === "parquet") return true;
    const wish = { delimiter, header, quotes, columns, encoding: encodingOf(source, encoding) };
    return textLayout(source, format, wish, []).columns.rating !== undefined;
  } catch (error) {
    if (error instanceof InputError) return true;
    throw error;
  }
}

function linesOf(source: Source): number {
  const text = headText(source, encodingOf(source)),
    lines = text.split(/\n|\r(?!\n)/).filter((line) => line !== "").length;
  const { head, whole } = source, end = Math.max(head.lastIndexOf(10), head.lastIndexOf(13)) + 1;
  const bytes = whole || end === 0 ? head.length : end;
  return Math.round((source.gzip ? inflatedBytes(source) : source.bytes) / bytes * lines);
}

/**
 * Largest plausible ratio of the stated size to the estimated one. Interaction texts compress like their beginnings, to within a
 * fifth; anything further off has another size.
 */
const LIKE_ITS_BEGINNING = 1.5;

/**
 * Returns the size of a gzip file's content. The end of the file states it modulo 4 GiB. If files were concatenated, as `cat` does,
 * it states that of the last one only; then the size is estimated from the beginning.
 */
function inflatedBytes({ path, bytes, head }: Source): number {
  const about = bytes * head.length / gzipSync(head).length;
  if (bytes < 18) return about;
  using file = openRegular(path);
  const end = new DataView(bytesOfFile(file).read(bytes - 4, bytes).buffer).getUint32(0, true);
  const stated = end + Math.max(0, Math.round((about - end) / 2 ** 32)) * 2 ** 32;
  return Math.max(stated / about, about / stated) < LIKE_ITS_BEGINNING ? stated : about;
}
