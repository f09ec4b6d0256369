/**
 * Tables in memory as the data of a preparation: written to files for as long as it takes, and read as any file is.
 *
 * @module
 */
import pl from "nodejs-polars";
import { basename, dirname, join } from "node:path";
import { InputError } from "./contract/errors.ts";
import { hashFile } from "./contract/files/hash.ts";
import type { DataFrame } from "./contract/frame.ts";
import type { PrepareInput } from "./prepare_options.ts";

/** A table that is no file: a frame of Polars, or an object for each row. */
export type TableInput = DataFrame | readonly Readonly<Record<string, unknown>>[];

/** The options of a preparation, whose data may be tables in memory too. */
export interface PrepareSource extends Omit<PrepareInput, "data" | "items" | "users"> {
  /** Files of interactions, globs, or a table with a row for each interaction. */
  data?: string | string[] | TableInput;
  /** A file with a table of the items, or the table. */
  items?: string | TableInput;
  /** The same of the users. */
  users?: string | TableInput;
}

/** Options that may be tables. */
const TABLES = ["data", "items", "users"] as const;

/** The input with files in the place of tables. They are gone when it is disposed of. */
export interface OnDisk extends Disposable {
  input: PrepareInput;
}

/** Of this process: the same table has the same path in it, so that a dataset that is up to date is found to be. */
let folder: string | undefined;

/** The folder of this process, made where it is not there. */
function ownFolder(): string {
  try {
    if (folder !== undefined && readers.size === 0) Deno.mkdirSync(folder, { mode: 0o700 });
  } catch {
    folder = undefined; // somebody has taken its name
  }
  return folder ??= Deno.makeTempDirSync({ prefix: PREFIX });
}

const PREFIX = "automlp-tables-";

/** The option of a configuration whose value was a table in memory: its file was of the process that had it. */
export const tableAmong = (config: Record<string, unknown>): typeof TABLES[number] | undefined =>
  TABLES.find((option) =>
    [config[option]].flat().some((path) =>
      typeof path === "string" && basename(dirname(dirname(path))).startsWith(PREFIX)
    )
  );

/** How many preparations under way read a folder: it is removed by the last of them. */
const readers = new Map<string, number>();

function release(path: string): void {
  const others = (readers.get(path) ?? 1) - 1;
  if (others > 0) {
    readers.set(path, others);
    return;
  }
  readers.delete(path);
  Deno.removeSync(path, { recursive: true });
  if (readers.size === 0) Deno.removeSync(folder!);
}

function hold(path: string, made: string[]): void {
  readers.set(path, (readers.get(path) ?? 0) + 1);
  made.push(path);
}

/**
 * Writes the tables of an input to temporary files.
 *
 * @throws {InputError} if a table has no rows.
 */
export async function onDisk(source: PrepareSource): Promise<OnDisk> {
  const files: Record<string, string> = {}, made: string[] = [];
  const remove = () => made.forEach(release);
  try {
    for (const option of TABLES) {
      const table = source[option];
      if (!isTable(table)) continue;
      const frame = frameOf(table, option);
      const dir = ownFolder(), temporary = Deno.makeTempDirSync({ dir });
      hold(temporary, made);
      const path = join(temporary, `${option}.parquet`);
      await frame.lazy().sinkParquet(path).collect();
      const named = join(dir, (await hashFile(path)).slice(0, 16));
      Deno.mkdirSync(named, { recursive: true });
      hold(named, made);
      Deno.renameSync(path, files[option] = join(named, `${option}.parquet`));
    }
  } catch (error) {
    remove();
    throw error;
  }
  return { input: { ...source, ...files } as PrepareInput, [Symbol.dispose]: remove };
}

const isTable = (value: PrepareSource["data"]): value is TableInput =>
  value !== undefined && typeof value !== "string" && (!Array.isArray(value) || typeof value[0] !== "string");

function frameOf(table: TableInput, option: string): DataFrame {
  const frame = Array.isArray(table)
    ? fromRows(table as readonly Record<string, unknown>[])
    : table as DataFrame;
  if (typeof frame?.height !== "number" || typeof frame.lazy !== "function") {
    throw new InputError(
      `Option ${option} does not fit: give files, a frame of Polars, or an array with an object for each row`,
    );
  }
  if (frame.height === 0) throw new InputError(`Option ${option} does not fit: the table has no rows`);
  return frame;
}

/** Whole numbers stay whole: an id 7 is "7" and not "7.0". */
function fromRows(rows: readonly Record<string, unknown>[]): DataFrame {
  if (rows.length === 0) return pl.DataFrame({});
  const frame = pl.readRecords([...rows]);
  const whole = frame.columns.filter((column) =>
    rows.some((row) => typeof row[column] === "number") &&
    rows.every((row) =>
      row[column] === null || row[column] === undefined || Number.isSafeInteger(row[column])
    )
  );
  return whole.length === 0
    ? frame
    : frame.withColumns(...whole.map((column) => pl.col(column).cast(pl.Int64)));
}
