/**
 * Large datasets are written in parts: ranges of users, each with its interactions and its negatives in files of their own.
 *
 * @module
 */
import { dirname, join } from "node:path";
import pl, { type LazyDataFrame } from "nodejs-polars";
import { InputError } from "../errors.ts";
import { announce } from "../files/changes.ts";
import { hashFile } from "../files/hash.ts";
import { makeFolder } from "../files/system.ts";
import type { TableFile } from "./manifest.ts";

/** Interactions from which on a dataset is in parts, and that a part has at most: some 700 MB before they are compressed. */
export const PART_ROWS = 2 ** 25;
/** Negatives that a part has at most, for each of its interactions: of {@link PART_ROWS} some 512 MB before they are compressed. */
export const NEGATIVES_EACH = 4;

/** A range of users. */
export interface Part {
  users: [first: number, last: number];
  /** Interactions. */
  rows: number;
  /** Those of them that have negatives. */
  positives: number;
}

/** What {@link planParts} goes by. */
export interface PartOptions {
  /** [users]: interactions of each. */
  interactions: Uint32Array;
  /** [users]: those of them that have negatives. */
  positives: Uint32Array;
  /** Negatives of a positive, by all protocols. */
  negatives: number;
  /** Most interactions of a part, but for a user who has more. */
  partRows: number;
}

/**
 * Divides users into parts, none of which has more than `partRows` interactions or four times as many negatives, but for a user who has more. Users stay
 * whole and in order, so that where parts begin follows from the data alone.
 *
 * @returns One part where all fits into it.
 */
export function planParts({ interactions, positives, negatives, partRows }: PartOptions): Part[] {
  const parts: Part[] = [];
  let open: Part | undefined;
  for (let i = 0; i < interactions.length; i++) {
    const rows = interactions[i], own = positives[i];
    const fits = open && open.rows + rows <= partRows &&
      (open.positives + own) * negatives <= NEGATIVES_EACH * partRows;
    if (!open || !fits) parts.push(open = { users: [i + 1, i + 1], rows: 0, positives: 0 });
    open.users[1] = i + 1;
    open.rows += rows;
    open.positives += own;
  }
  return parts;
}

/** Rows that are looked at together. */
const ROWS_AT_ONCE = 4_000_000;

/**
 * How many of the first `rows` rows of a Parquet file are each user's.
 *
 * @returns [users]
 */
export function countByUser(path: string, rows: number, users: number): Uint32Array {
  const counts = new Uint32Array(users);
  for (let start = 0; start < rows; start += ROWS_AT_ONCE) {
    const some = scan(path).slice(start, Math.min(ROWS_AT_ONCE, rows - start)).select("user").collectSync();
    for (const user of some.getColumn("user").toTypedArray() as Uint32Array) counts[user - 1]++;
  }
  return counts;
}

/** A table as one file, and what becomes of it. */
export interface Cut {
  /** The folder under way. */
  folder: string;
  table: string;
  parts: readonly Part[];
  /** The table's height. */
  rows: number;
  /** How many of the table's rows, or of each protocol's, are of a part. */
  rowsOf(part: Part): number;
  /** The table has all users once for each of these; left out: once. */
  protocols?: readonly string[];
  /** Called for each file that is written, with its rows. */
  written(file: TableFile): void;
}

/**
 * Divides a Parquet file of a folder under way, and removes it.
 *
 * @throws {InputError} if its rows are not ordered by user, protocol by protocol.
 */
export async function cutTable(whole: string, cut: Cut): Promise<TableFile[]> {
  const { folder, table, parts, rows: total, rowsOf, protocols = [undefined], written } = cut;
  const files: TableFile[] = [];
  let start = 0;
  for (const protocol of protocols) {
    for (const [i, part] of parts.entries()) {
      const rows = rowsOf(part), { users } = part;
      if (rows === 0) continue;
      const place = `part=${String(i).padStart(5, "0")}`; // names in the order of rows
      const file = `${table}/${protocol === undefined ? "" : `protocol=${protocol}/`}${place}/data.parquet`;
      const path = join(folder, file);
      makeFolder(dirname(path));
      announce(`write ${file}`);
      await scan(whole).slice(start, rows).sinkParquet(path, { compression: "zstd" }).collect();
      if (!isOf(users, protocol, path)) throw unordered(table);
      const entry: TableFile = {
        file,
        rows,
        bytes: Deno.statSync(path).size,
        sha256: await hashFile(path),
        users,
        ...(protocol !== undefined && { protocol }),
      };
      files.push(entry);
      written(entry);
      start += rows;
    }
  }
  if (start !== total) throw unordered(table);
  announce(`remove ${table}.parquet`);
  Deno.removeSync(whole);
  return files;
}

const unordered = (table: string) =>
  new InputError(
    `Cannot divide the table ${table} into parts: its rows are not ordered by user` +
      (table === "negatives" ? ", protocol by protocol in the manifest's order" : ""),
  );

/** Whether all rows of a file are of users of a part, and of a protocol where it is said. */
function isOf([first, last]: Part["users"], protocol: string | undefined, path: string): boolean {
  const user = pl.col("user"),
    others = protocol === undefined ? pl.lit(0) : pl.col("protocol").neq(pl.lit(protocol));
  const found = scan(path).select(
    user.min().alias("first"),
    user.max().alias("last"),
    others.sum().alias("others"),
  );
  const [least, most, of] = found.collectSync().row(0).map(Number);
  return least >= first && most <= last && of === 0;
}

const scan = (path: string): LazyDataFrame => pl.scanParquet(path, { glob: false });
