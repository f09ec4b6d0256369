/**
 * How many interactions files have, and whether with ratings, as far as their beginnings and sizes say.
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

/** What is known of interactions before they are read. */
export interface LogEstimate {
  /** Those that Parquet states, and those that texts have if they go on as they begin. */
  rows: number;
  /** Whether some file has ratings. */
  ratings: boolean;
}

/**
 * Looks at all files.
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

/** Of a file with objects as rows, which each have columns of their own, and of one in which columns cannot be found, which its reader says, it is taken for granted. */
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

/** Texts of interactions become by compression what their beginning would become, but for a fifth; what is further off is of another size. */
const LIKE_ITS_BEGINNING = 1.5;

/**
 * How large the content of a gzip file is. Its end says so, but for multiples of 4 GiB; where files were put one behind the other, as `cat` does, it says
 * so of the last of them alone, and goes by the beginning.
 */
function inflatedBytes({ path, bytes, head }: Source): number {
  const about = bytes * head.length / gzipSync(head).length;
  if (bytes < 18) return about;
  using file = openRegular(path);
  const end = new DataView(bytesOfFile(file).read(bytes - 4, bytes).buffer).getUint32(0, true);
  const stated = end + Math.max(0, Math.round((about - end) / 2 ** 32)) * 2 ** 32;
  return Math.max(stated / about, about / stated) < LIKE_ITS_BEGINNING ? stated : about;
}
