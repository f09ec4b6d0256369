/**
 * The tables of a dataset folder, checked before they are read: somebody else may have made the folder, or a disk damaged it.
 *
 * @module
 */
import pl, { type LazyDataFrame } from "nodejs-polars";
import { join } from "node:path";
import { InputError } from "./errors.ts";
import { hashFileSync } from "./files/hash.ts";
import { firstLine } from "./files/system.ts";
import { absolutePath } from "./files/literal.ts";
import type { Manifest, TableName } from "./manifest.ts";

/** Columns that a table must have, with the Polars types that they may have. Side columns and ratings come on top. */
const COLUMNS: Record<TableName, Record<string, RegExp>> = {
  interactions: { user: /UInt32/, item: /UInt32/, timestamp: /Int64|Float64/, split: /Categorical|String/ },
  users: { user: /UInt32/, id: /String/, interactions: /UInt32/ },
  items: { item: /UInt32/, id: /String/, interactions: /UInt32/, popularity: /UInt32/ },
  features: {},
  negatives: {
    protocol: /Categorical|String/,
    split: /Categorical|String/,
    row: /UInt32/,
    negatives: /List.*UInt32/,
  },
};

/** The error for a dataset whose content is not what its manifest says. */
export const damagedDataset = (folder: string, problem: string): InputError =>
  new InputError(
    `Cannot read the dataset ${folder}: ${problem}: it was damaged or edited; prepare it again with --overwrite`,
  );

/**
 * Does what reads tables.
 *
 * @throws {InputError} if Polars finds a table damaged. Its checksum was compared: whoever wrote it wrote it so.
 */
export async function readingTables<T>(folder: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw asDamaged(folder, error);
  }
}

/** The same for what is read at once. */
export function readingTablesSync<T>(folder: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw asDamaged(folder, error);
  }
}

const asDamaged = (folder: string, error: unknown): unknown =>
  /^parquet: /.test(firstLine(error)) ? damagedDataset(folder, firstLine(error)) : error;

/** The checked tables of one folder. Each is read whole once for its checksum, at about 1.4 GB a second. */
export class TableFiles {
  readonly #checked = new Set<TableName>();

  constructor(readonly folder: string, readonly manifest: Manifest) {}

  /** A table, to be read lazily, from this file and no other. */
  scan(name: TableName): LazyDataFrame {
    const path = this.#path(name);
    if (!this.#checked.has(name)) this.#check(name, path);
    return pl.scanParquet(path, { glob: false });
  }

  #path(name: TableName): string {
    return absolutePath(join(this.folder, this.manifest.tables[name].file));
  }

  #check(name: TableName, path: string): void {
    const { file, rows, sha256 } = this.manifest.tables[name];
    let found: string;
    try {
      found = hashFileSync(path);
    } catch (error) {
      throw damagedDataset(this.folder, `${file} cannot be read (${firstLine(error)})`);
    }
    if (found !== sha256) throw damagedDataset(this.folder, `the checksum of ${file} does not match`);
    let height: number, types: Record<string, unknown>;
    try {
      const scan = pl.scanParquet(path, { glob: false });
      types = scan.limit(0).collectSync().schema;
      height = scan.select(pl.len().alias("rows")).collectSync().getColumn("rows")[0];
    } catch (error) {
      throw damagedDataset(this.folder, `${file} is no Parquet table (${firstLine(error)})`);
    }
    if (height !== rows) {
      throw damagedDataset(this.folder, `${file} has ${height} rows, the manifest says ${rows}`);
    }
    for (const [column, type] of Object.entries(COLUMNS[name])) {
      if (!(column in types) || !type.test(String(types[column]))) {
        throw damagedDataset(this.folder, `${file} has no column "${column}" of its type`);
      }
    }
    this.#checked.add(name);
  }
}

/**
 * Ids or codes of a table, checked.
 *
 * @param most The largest that there may be; the smallest is `least`.
 * @throws {InputError} if one is out of range.
 */
export function checkRange<A extends Uint32Array>(
  values: A,
  least: number,
  most: number,
  wrong: (value: number) => InputError,
): A {
  for (let i = 0; i < values.length; i++) if (values[i] < least || values[i] > most) throw wrong(values[i]);
  return values;
}
