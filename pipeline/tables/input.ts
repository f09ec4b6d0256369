/**
 * Accepts tables in memory as the data of a preparation: they are written to temporary files and read like any other file.
 *
 * @module
 */
import { join } from "node:path";
import { columnList } from "../config.ts";
import { AN_OBJECT } from "../contract/options/arguments.ts";
import { checkInterrupt, didYouMean, InputError, RunError } from "../contract/errors.ts";
import { hashFile } from "../contract/files/checksums.ts";
import type { LazyDataFrame } from "../contract/frame.ts";
import { silent } from "../contract/progress.ts";
import type { StageContext } from "../contract/stage.ts";
import type { PrepareInput } from "../prepare_options.ts";
import { columnsByHeader, columnUse, parseColumns } from "../readers/roles.ts";
import { inMemory, PREFIX, TABLES, withoutFiles } from "./names.ts";
import { lazyOf, type TableInput } from "./rows.ts";

/** A table of items or users with the names of its columns, for `items` and `users` of {@link prepare}. */
export interface NamedTable {
  /** A file, or the table itself. */
  file: string | TableInput;
  /** Name of the id column. Default: found by its name. */
  id?: string;
  /** Name of the title column, shown in lists. Default: found by its name. */
  title?: string;
}

/** Options of {@link prepare}, with tables in memory allowed as data. */
export interface PrepareSource extends Omit<PrepareInput, "data" | "items" | "users"> {
  /** Files of interactions, globs, or a table with one row per interaction. */
  data?: string | readonly string[] | TableInput;
  /** A table of the items, as a file or in memory; to name its columns, give `{ file, id, title }`. */
  items?: string | TableInput | NamedTable;
  /** A table of the users, in the same forms as `items`. */
  users?: string | TableInput | NamedTable;
}

/** The input with files in place of tables. Disposing of it removes the files. */
export interface OnDisk extends Disposable {
  input: PrepareInput;
  /** Runs work on these files. Its errors name tables as they were given, as in `data: row 5`, and not the temporary files. */
  during<T>(work: () => Promise<T>): Promise<T>;
}

/** Folder of this process. The same table has the same path in it, so that an up-to-date dataset is recognised as such. */
let folder: string | undefined;

/** Returns the folder of this process, creating it if necessary. */
function ownFolder(): string {
  try {
    if (folder !== undefined && readers.size === 0) Deno.mkdirSync(folder, { mode: 0o700 });
  } catch {
    folder = undefined; // something else has taken its name
  }
  return folder ??= Deno.makeTempDirSync({ prefix: PREFIX });
}

/** Number of preparations in progress that read a folder: the last one removes it. */
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
 * @throws {InputError} if a table has no rows or a value that tables cannot hold, or if the names of its columns are given twice;
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

/** Writes a table to a file of this process, in a folder named after the hash of its content. */
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

/** Returns the columns of the interactions that are read; none if they cannot be determined, which the reader then reports. */
const rolesBy = (columns: PrepareSource["columns"]) => (header: string[]) => {
  try {
    const wish = parseColumns(columnList(columns));
    return columnUse(header, columnsByHeader("data", header, wish, [])).taken;
  } catch (error) {
    if (error instanceof InputError) return {};
    throw error;
  }
};

/** Rewrites an error so that it names options instead of the temporary files. */
function errorAsGiven(error: unknown): unknown {
  if (!(error instanceof InputError || error instanceof RunError)) return error;
  const message = asGiven(error.message);
  if (message === error.message) return error;
  return error instanceof InputError ? new InputError(message) : new RunError(message);
}

/** Rewrites a text so that it names options instead of the temporary files. */
export const asGiven = (text: string): string => folder === undefined ? text : withoutFiles(text, folder);

/** Options that can include the names of their columns, and the options that otherwise give them. */
const NAMED = [["items", "itemColumns"], ["users", "userColumns"]] as const;

/** A source whose tables are given without column names. */
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

/** The columns that a {@link NamedTable} can name. */
const NAMES = ["id", "title"] as const;

/**
 * Refuses names other than `id` and `title`.
 *
 * @throws {InputError} for any other name: otherwise a column would silently get that name, and the intended title would be
 * missing.
 */
function checkNames(option: string, columns: string, names: object): void {
  const other = Object.keys(names).find((name) => !(NAMES as readonly string[]).includes(name));
  if (other === undefined) return;
  throw new InputError(
    `Option ${option} does not fit: there is no ${other}${
      didYouMean(other, ["file", ...NAMES])
    }; it has file, id and title, and other columns are named with ${columns}`,
  );
}

/** Returns the error for column names without a table. */
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
