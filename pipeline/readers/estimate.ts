/**
 * How many interactions files have, as far as their beginnings and sizes say.
 *
 * @module
 */
import { openRegular } from "../contract/files/readable.ts";
import { bytesOfFile } from "./bytes.ts";
import { scanColumnar } from "./columnar/scan.ts";
import { formatOf } from "./files.ts";
import { expandPaths } from "./paths.ts";
import { columnarKind, encodingOf, headText, NoRows, openSource, type Source } from "./source.ts";
import type { ReadOptions } from "./types.ts";

/** The file, if there is anything in it. */
async function filled(path: string): Promise<Source | undefined> {
  try {
    return await openSource(path);
  } catch (error) {
    if (error instanceof NoRows) return undefined;
    throw error;
  }
}

/**
 * Rows of all files: those that Parquet states, and those that texts have if they go on as they begin.
 *
 * @returns undefined for a format whose lines are not rows, or whose rows are not counted.
 * @throws {InputError} for files that cannot be read.
 */
export async function estimateRows(options: ReadOptions): Promise<number | undefined> {
  let rows = 0;
  for (const path of expandPaths(options.files)) {
    const source = await filled(path);
    if (!source) continue;
    const format = formatOf(source, options);
    if (format === "sequences" || format === "arrow") return undefined;
    const counted = columnarKind(source) && !source.gzip ? (await scanColumnar(source)).rows : undefined;
    if (columnarKind(source) && counted === undefined) return undefined;
    rows += counted ?? linesOf(source);
  }
  return rows;
}

function linesOf(source: Source): number {
  const text = headText(source, encodingOf(source)),
    lines = text.split(/\n|\r(?!\n)/).filter((line) => line !== "").length;
  const { head, whole } = source, end = Math.max(head.lastIndexOf(10), head.lastIndexOf(13)) + 1;
  const bytes = whole || end === 0 ? head.length : end;
  return Math.round((source.gzip ? inflatedBytes(source) : source.bytes) / bytes * lines);
}

/** What gzip makes of interactions has at least so many bytes for each of its own. */
const LEAST_INFLATED = 2;

/** The end of a gzip file says how large its content is, but for multiples of 4 GiB. */
function inflatedBytes({ path, bytes }: Source): number {
  if (bytes < 18) return bytes;
  using file = openRegular(path);
  const stated = new DataView(bytesOfFile(file).read(bytes - 4, bytes).buffer).getUint32(0, true);
  return stated + Math.max(0, Math.ceil((bytes * LEAST_INFLATED - stated) / 2 ** 32)) * 2 ** 32;
}
