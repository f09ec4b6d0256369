/**
 * The tables of a dataset folder, checked before they are read: the folder may come from an untrusted source or a damaged disk.
 *
 * @module
 */
import { currentSpeech, type Speech } from "../../display/text/option_names.ts";
import pl, { type DataFrame, type LazyDataFrame, type Series } from "nodejs-polars";
import { join } from "node:path";
import { InputError } from "../errors.ts";
import { firstLine, isMissing, isSystemError } from "../errors/system.ts";
import { hashFileSync } from "../files/checksums.ts";
import { absolutePath, cannotRead, fixedPath, readTextSync } from "../files/readable.ts";
import {
  type FeatureInfo,
  filesOf,
  isPlainNumber,
  type Manifest,
  type TableFile,
  type TableName,
} from "./manifest.ts";
import { MANIFEST } from "./near_dataset.ts";
import { MAX_MANIFEST_BYTES, parseManifest } from "./parse_manifest.ts";

/** Columns that a table must have, with their permitted Polars types. Side columns and ratings are additional. */
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

/** The error for a dataset whose content does not match its manifest. */
export const damagedDataset = (folder: string, problem: string): InputError =>
  new InputError(
    `Cannot read the dataset ${folder}: ${problem}: it was damaged or edited; prepare it again with --overwrite`,
  );

/** The error for a dataset whose folder was removed or moved after it was opened. */
const goneDataset = (folder: string): InputError =>
  new InputError(
    `Cannot read the dataset ${folder}: the folder is gone since it was opened; put it back, or prepare it again`,
  );

/**
 * Runs a function that reads tables.
 *
 * @throws {InputError} if Polars finds a table damaged. Its checksum was verified, so it was already written like that.
 */
export async function readingTables<T>(folder: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw asDamaged(folder, error);
  }
}

/** The synchronous version of `readingTables`. */
function readingTablesSync<T>(folder: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw asDamaged(folder, error);
  }
}

const asDamaged = (folder: string, error: unknown): unknown =>
  /^parquet: /.test(firstLine(error)) ? damagedDataset(folder, firstLine(error)) : error;

/** Identifies the file at a path, as far as possible without reading it; undefined if there is none. */
function fileAt(path: string): string | undefined {
  try {
    const { dev, ino, mtime, size } = Deno.statSync(path);
    return [dev, ino, mtime?.getTime(), size].join();
  } catch {
    return undefined;
  }
}

/**
 * The checked tables of one folder. Each file is read completely once for its checksum, at about 1.4 GB a second, and again if another file
 * has taken its place, because the folder may be prepared again while its dataset is in use.
 */
export class TableFiles {
  /** The identity of each file that was checked, by its path below the folder. */
  readonly #checked = new Map<string, string>();

  readonly #folder: () => string;

  constructor(folder: string, readonly manifest: Manifest) {
    this.#folder = fixedPath(folder);
  }

  get folder(): string {
    return this.#folder();
  }

  /**
   * Returns a table to be read lazily, from its listed files only.
   *
   * @param of Which of its files to read. Default: all.
   */
  scan(name: TableName, of: (file: TableFile) => boolean = () => true): LazyDataFrame {
    const { files } = this.manifest.tables[name],
      scans = files.filter(of).map((file) => this.#scan(name, file));
    if (scans.length === 0) return this.#scan(name, files[0]).limit(0);
    return scans.length === 1 ? scans[0] : pl.concat(scans);
  }

  /** Returns consecutive rows of a table; only files that contain some of them are opened. */
  slice(name: TableName, start: number, rows: number): LazyDataFrame {
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

  /** Runs a query. */
  collect(query: LazyDataFrame): DataFrame {
    return readingTablesSync(this.folder, () => query.collectSync());
  }

  /** Returns a function that makes the error for an impossible value. */
  wrong(what: string): (value: number) => InputError {
    return (value) => damagedDataset(this.folder, `it has ${what} ${value}, which cannot be`);
  }

  /** Returns a column's numbers, none of which may be missing. */
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
    if (fileAt(this.folder) === undefined) return goneDataset(this.folder);
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
 * Checks the range of ids or codes of a table and returns them.
 *
 * @param most The largest permitted value; the smallest is `least`.
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

/** Whether the manifest in the folder now describes other tables than the one that was read. */
function isPreparedAnew(folder: string, manifest: Manifest): boolean {
  const path = join(folder, MANIFEST);
  try {
    return contentOf(parseManifest(readTextSync(path, MAX_MANIFEST_BYTES), path)) !== contentOf(manifest);
  } catch (error) {
    // A missing or damaged manifest does not make it another dataset.
    if (error instanceof InputError || error instanceof TypeError || isSystemError(error)) return false;
    throw error;
  }
}

const contentOf = (manifest: Manifest): string =>
  filesOf(manifest).map(({ file, sha256 }) => `${file} ${sha256}\n`).join("");

/** The error for a table of such a dataset. */
export const preparedAnew = (folder: string, speech: Speech = currentSpeech()): InputError =>
  new InputError(
    `Cannot read the dataset ${folder}: the folder has been prepared anew since it was opened; ${
      speech === "code"
        ? `open it again, as in await readDataset(${JSON.stringify(folder)})`
        : "give the command again"
    }`,
  );
