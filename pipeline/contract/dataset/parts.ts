/**
 * Large datasets are written in parts: ranges of users, each with its interactions and its negatives in files of their own.
 *
 * @module
 */
import { dirname, join } from "node:path";
import pl, { type LazyDataFrame } from "nodejs-polars";
import { InputError } from "../errors.ts";
import { hashFile } from "../files/checksums.ts";
import { makeFolder } from "../files/stage.ts";
import type { TableFile } from "./manifest.ts";

/**
 * Maximum number of interactions of a part, about 700 MB uncompressed; a dataset with more is written in parts.
 */
export const PART_ROWS = 2 ** 25;
/** Maximum number of negatives of a part as a multiple of `partRows`; with {@link PART_ROWS} about 512 MB uncompressed. */
export const NEGATIVES_EACH = 4;

/** A range of users. */
export interface Part {
  users: [first: number, last: number];
  /** Number of interactions. */
  rows: number;
  /** Number of interactions that have negatives. */
  positives: number;
}

/** What {@link planParts} decides by. */
export interface PartOptions {
  /** Number of interactions of each user [users]. */
  interactions: Uint32Array;
  /** Number of interactions of each user that have negatives [users]. */
  positives: Uint32Array;
  /** Number of negatives of a positive, over all protocols. */
  negatives: number;
  /** Maximum number of interactions of a part, unless a single user has more. */
  partRows: number;
}

/**
 * Divides users into parts, none of which has more than `partRows` interactions or four times as many negatives, unless a single user has
 * more.
 * Users stay whole and in order, so that the boundaries of parts depend on the data alone.
 *
 * @returns The parts; one if everything fits into it.
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

/** Number of rows that are read at once. */
const ROWS_AT_ONCE = 4_000_000;

/**
 * Counts how many of the first `rows` rows of a Parquet file belong to each user.
 *
 * @returns Counts [users].
 */
export function countByUser(path: string, rows: number, users: number): Uint32Array {
  const counts = new Uint32Array(users);
  for (let start = 0; start < rows; start += ROWS_AT_ONCE) {
    const some = scan(path).slice(start, Math.min(ROWS_AT_ONCE, rows - start)).select("user").collectSync();
    for (const user of some.getColumn("user").toTypedArray() as Uint32Array) counts[user - 1]++;
  }
  return counts;
}

/** A table in one file, and how it is divided. */
export interface Cut {
  /** The folder that is being written. */
  folder: string;
  table: string;
  parts: readonly Part[];
  /** Number of rows of the table. */
  rows: number;
  /** Returns how many rows of the table, or of each protocol, belong to a part. */
  rowsOf(part: Part): number;
  /** The table goes through all users once for each protocol; if omitted, once. */
  protocols?: readonly string[];
  /** Called for each file that was written. */
  written(file: TableFile): void;
}

/**
 * Divides a Parquet file of the folder that is being written, and removes it.
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
      const place = `part=${String(i).padStart(5, "0")}`; // names sort in the order of the rows
      const file = `${table}/${protocol === undefined ? "" : `protocol=${protocol}/`}${place}/data.parquet`;
      const path = join(folder, file);
      makeFolder(dirname(path));
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
  Deno.removeSync(whole);
  return files;
}

const unordered = (table: string) =>
  new InputError(
    `Cannot divide the table ${table} into parts: its rows are not ordered by user` +
      (table === "negatives" ? ", protocol by protocol in the manifest's order" : ""),
  );

/** Whether all rows of a file belong to users of a part, and to the protocol if one is given. */
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
