/**
 * The tables of a dataset folder, checked before they are read: somebody else may have made the folder, or a disk damaged it.
 *
 * @module
 */
import { checkCall, NUMBER, oneOf } from "../options/arguments.ts";
import pl, { type DataFrame, type LazyDataFrame, type Series } from "nodejs-polars";
import { join } from "node:path";
import { InputError } from "../errors.ts";
import { fixedPath } from "../files/fixed.ts";
import { hashFileSync } from "../files/hash.ts";
import { cannotRead } from "../files/readable.ts";
import { firstLine, isMissing } from "../files/system.ts";
import { absolutePath } from "../files/literal.ts";
import { isPreparedAnew, preparedAnew } from "./prepared_anew.ts";
import {
  type FeatureInfo,
  isPlainNumber,
  type Manifest,
  type TableFile,
  type TableName,
  TABLES,
} from "./manifest.ts";

/** Columns that a table must have, with the Polars types that they may have. Side columns and ratings come on top. */
const COLUMNS: Record<TableName, Record<string, RegExp>> = {
  interactions: { user: /UInt32/, item: /UInt32/, timestamp: /Int64|Float64/, split: /Categorical|String/ },
  users: { user: /UInt32/, id: /String/, interactions: /UInt32/ },
  items: { item: /UInt32/, id: /String/, interactions: /UInt32/, popularity: /UInt32/ },
  features: {},
  negatives: {
    protocol: /Categorical|String/,
    split: /Categorical|String/,
    row: /UInt(32|64)/,
    negatives: /List.*UInt32/,
  },
};

/** The column of a feature in the table of items, and its type. */
const columnOf = (feature: FeatureInfo): [string, RegExp] => [
  feature.column,
  feature.kind === "multi" ? /List.*UInt32/ : isPlainNumber(feature) ? /Float/ : /UInt32/,
];

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
function readingTablesSync<T>(folder: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw asDamaged(folder, error);
  }
}

const asDamaged = (folder: string, error: unknown): unknown =>
  /^parquet: /.test(firstLine(error)) ? damagedDataset(folder, firstLine(error)) : error;

/** Which file a path is of, as far as can be told without reading it; undefined where there is none. */
function fileAt(path: string): string | undefined {
  try {
    const { dev, ino, mtime, size } = Deno.statSync(path);
    return [dev, ino, mtime?.getTime(), size].join();
  } catch {
    return undefined;
  }
}

/**
 * The checked tables of one folder. Each file is read whole once for its checksum, at about 1.4 GB a second, and again where another one has taken its
 * place: the folder may be prepared anew while its dataset is in use.
 */
export class TableFiles {
  /** By paths below the folder, which file was there. */
  readonly #checked = new Map<string, string>();

  readonly #folder: () => string;

  constructor(folder: string, readonly manifest: Manifest) {
    this.#folder = fixedPath(folder);
  }

  get folder(): string {
    return this.#folder();
  }

  /**
   * A table, to be read lazily, from its files and no others.
   *
   * @param of Which of its files; left out: all.
   */
  scan(name: TableName, of: (file: TableFile) => boolean = () => true): LazyDataFrame {
    checkCall('dataset.table("items")', [name, TABLE]);
    const { files } = this.manifest.tables[name],
      scans = files.filter(of).map((file) => this.#scan(name, file));
    if (scans.length === 0) return this.#scan(name, files[0]).limit(0);
    return scans.length === 1 ? scans[0] : pl.concat(scans);
  }

  /** Some consecutive rows of a table: no file is touched that has none of them. */
  slice(name: TableName, start: number, rows: number): LazyDataFrame {
    checkCall('dataset.slice("items", 0, 10)', [name, TABLE], [start, NUMBER], [rows, NUMBER]);
    const { files } = this.manifest.tables[name], pieces: LazyDataFrame[] = [];
    let first = 0;
    for (const file of files) {
      const from = Math.max(start - first, 0), to = Math.min(start + rows - first, file.rows);
      if (from < to) pieces.push(this.#scan(name, file).slice(from, to - from));
      first += file.rows;
    }
    if (pieces.length === 0) return this.#scan(name, files[0]).limit(0);
    return pieces.length === 1 ? pieces[0] : pl.concat(pieces);
  }

  /** What a query finds. */
  collect(query: LazyDataFrame): DataFrame {
    return readingTablesSync(this.folder, () => query.collectSync());
  }

  /** The error for content that cannot be. */
  wrong(what: string): (value: number) => InputError {
    return (value) => damagedDataset(this.folder, `it has ${what} ${value}, which cannot be`);
  }

  /** A column's numbers, none of which may be missing. */
  typed<A extends Uint8Array | Uint32Array | Float32Array | Float64Array>(column: Series): A {
    if (column.nullCount() > 0) {
      throw damagedDataset(this.folder, `a number of its column "${column.name}" is missing`);
    }
    return column.toTypedArray() as A;
  }

  #scan(name: TableName, entry: TableFile): LazyDataFrame {
    const path = absolutePath(join(this.folder, entry.file));
    const checked = this.#checked.get(entry.file);
    if (checked === undefined || checked !== fileAt(path)) this.#check(name, entry, path);
    return pl.scanParquet(path, { glob: false });
  }

  #notAsOpened(problem: string): InputError {
    return isPreparedAnew(this.folder, this.manifest)
      ? preparedAnew(this.folder)
      : damagedDataset(this.folder, problem);
  }

  #check(name: TableName, { file, rows, sha256 }: TableFile, path: string): void {
    const before = fileAt(path);
    let found: string;
    try {
      found = hashFileSync(path);
    } catch (error) {
      if (!isMissing(error)) throw cannotRead(path, error);
      throw this.#notAsOpened(`${file} is not there`);
    }
    if (found !== sha256) throw this.#notAsOpened(`the checksum of ${file} does not match`);
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
    const columns = [
      ...Object.entries(COLUMNS[name]),
      ...(name === "items" ? this.manifest.features.map(columnOf) : []),
    ];
    for (const [column, type] of columns) {
      if (!Object.hasOwn(types, column) || !type.test(String(types[column]))) {
        throw damagedDataset(this.folder, `${file} has no column "${column}" of its type`);
      }
    }
    if (before !== undefined) this.#checked.set(file, before);
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

const TABLE = oneOf(TABLES);
