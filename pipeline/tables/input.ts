/**
 * Tables in memory as the data of a preparation: written to files for as long as it takes, and read as any file is.
 *
 * @module
 */
import { join } from "node:path";
import { columnList } from "../config.ts";
import { AN_OBJECT } from "../contract/options/arguments.ts";
import { checkInterrupt, didYouMean, InputError, RunError } from "../contract/errors.ts";
import { hashFile } from "../contract/files/hash.ts";
import type { LazyDataFrame } from "../contract/frame.ts";
import { silent } from "../contract/progress.ts";
import type { StageContext } from "../contract/stage.ts";
import type { PrepareInput } from "../prepare_options.ts";
import { columnsByHeader, columnUse, parseColumns } from "../readers/roles.ts";
import { inMemory, PREFIX, TABLES, withoutFiles } from "./names.ts";
import { lazyOf, type TableInput } from "./rows.ts";

/** A table of items or users, and what its columns are called. What `items` and `users` of {@link prepare} may be. */
export interface NamedTable {
  /** A file, or the table. */
  file: string | TableInput;
  /** The column of the ids. Default: found by its name. */
  id?: string;
  /** The column of titles, which lists show. Default: found by its name. */
  title?: string;
}

/** The options of {@link prepare}, whose data may be tables in memory too. */
export interface PrepareSource extends Omit<PrepareInput, "data" | "items" | "users"> {
  /** Files of interactions, globs, or a table with a row for each interaction. */
  data?: string | readonly string[] | TableInput;
  /** A file with a table of the items, or the table; with its columns' names as `{ file, id, title }`. */
  items?: string | TableInput | NamedTable;
  /** The same of the users. */
  users?: string | TableInput | NamedTable;
}

/** The input with files in the place of tables. They are gone when it is disposed of. */
export interface OnDisk extends Disposable {
  input: PrepareInput;
  /** Does work on these files; its errors name tables as they were given, `data: row 5`, and no file that nobody knows of. */
  during<T>(work: () => Promise<T>): Promise<T>;
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
 * @throws {InputError} if a table has no rows, or a value that no table can have, or the names of its columns are given twice;
 * {@link Interrupted} if `signal` is aborted.
 */
export async function onDisk(
  named: PrepareSource,
  { progress = silent, signal }: StageContext = {},
): Promise<OnDisk> {
  const source = withColumns(named), files: Record<string, string> = {}, made: string[] = [];
  const remove = () => made.forEach(release);
  try {
    for (const option of TABLES) {
      const table = source[option];
      if (!isTable(table)) continue;
      const doing = `reading ${inMemory(option)}`;
      const task = progress.start(doing, Array.isArray(table) ? table.length : undefined, "rows");
      try {
        const roles = option === "data" ? rolesBy(source.columns) : undefined;
        const rows = await lazyOf(table, { option, doing, task, signal, roles });
        files[option] = await written(rows, option, made);
        checkInterrupt(signal, doing);
      } finally {
        task.end();
      }
    }
  } catch (error) {
    remove();
    throw error;
  }
  return {
    input: { ...source, ...files } as PrepareInput,
    during: (work) =>
      work().catch((error) => {
        throw errorAsGiven(error);
      }),
    [Symbol.dispose]: remove,
  };
}

/** Writes a table to a file of this process, which is called by what is in it. */
async function written(rows: LazyDataFrame, option: string, made: string[]): Promise<string> {
  const dir = ownFolder(), temporary = Deno.makeTempDirSync({ dir });
  hold(temporary, made);
  const path = join(temporary, `${option}.parquet`);
  await rows.sinkParquet(path).collect();
  const lasting = join(dir, (await hashFile(path)).slice(0, 16)), file = join(lasting, `${option}.parquet`);
  Deno.mkdirSync(lasting, { recursive: true });
  hold(lasting, made);
  Deno.renameSync(path, file);
  return file;
}

/** Which columns of interactions are read; none where they cannot be told, which the reader finds, too, and says. */
const rolesBy = (columns: PrepareSource["columns"]) => (header: string[]) => {
  try {
    const wish = parseColumns(columnList(columns));
    return columnUse(header, columnsByHeader("data", header, wish, [])).taken;
  } catch (error) {
    if (error instanceof InputError) return {};
    throw error;
  }
};

/** An error that speaks of the files as one that speaks of the options that they stand for. */
function errorAsGiven(error: unknown): unknown {
  if (!(error instanceof InputError || error instanceof RunError)) return error;
  const message = asGiven(error.message);
  if (message === error.message) return error;
  return error instanceof InputError ? new InputError(message) : new RunError(message);
}

/** A text that speaks of tables of this process by their options, and not of their files. */
export const asGiven = (text: string): string => folder === undefined ? text : withoutFiles(text, folder);

/** Options that may have the names of their columns with them, and those that these are otherwise. */
const NAMED = [["items", "itemColumns"], ["users", "userColumns"]] as const;

/** A source in which files and tables stand by themselves. */
type Unnamed =
  & Omit<PrepareSource, "items" | "users">
  & Record<"items" | "users", string | TableInput | undefined>;

function withColumns(source: PrepareSource): Unnamed {
  const result = { ...source };
  for (const [option, columns] of NAMED) {
    const table = source[option];
    if (!isNamed(table)) {
      if (AN_OBJECT.fits(table)) throw tableless(option, columns, table as object);
      continue;
    }
    if (source[columns] !== undefined) {
      throw new InputError(`Options ${option} and ${columns} do not fit: give the names of the columns once`);
    }
    const { file, ...names } = table;
    checkNames(option, columns, names);
    result[option] = file;
    const given = Object.entries(names).filter(([, name]) => name !== undefined);
    if (given.length > 0) result[columns] = Object.fromEntries(given);
  }
  return result as Unnamed;
}

/** What a {@link NamedTable} names. */
const NAMES = ["id", "title"] as const;

/** @throws {InputError} for a name that there is not: the column would be called so, and nobody would miss the title that it was to be. */
function checkNames(option: string, columns: string, names: object): void {
  const other = Object.keys(names).find((name) => !(NAMES as readonly string[]).includes(name));
  if (other === undefined) return;
  throw new InputError(
    `Option ${option} does not fit: there is no ${other}${
      didYouMean(other, ["file", ...NAMES])
    }; it has file, id and title, and other columns are named with ${columns}`,
  );
}

/** Why names of columns are no table. */
function tableless(option: string, columns: string, names: object): InputError {
  checkNames(option, columns, names);
  return new InputError(
    `Option ${option} does not fit: it names columns of no table; give that too, as { file: "${option}.csv", id: "…" }`,
  );
}

const isNamed = (value: PrepareSource["items"]): value is NamedTable =>
  typeof value === "object" && value !== null && !Array.isArray(value) && "file" in value &&
  typeof (value as { lazy?: unknown }).lazy !== "function";

const isTable = (value: PrepareSource["data"]): value is TableInput =>
  value !== undefined && typeof value !== "string" && (!Array.isArray(value) || typeof value[0] !== "string");
