/**
 * Names for tables in memory where files are usually named: they are written to temporary files of this process, which do not exist
 * later.
 *
 * @module
 */
import { basename, dirname } from "node:path";
import { withoutSecrets } from "../display/text/secrets.ts";

/** Options that accept tables. */
export const TABLES = ["data", "items", "users"] as const;

/** Prefix of the folder with a process's tables; in it, each is at `HASH/OPTION.parquet`. */
export const PREFIX = "automlp-tables-";

/** Suffix after the option's name that stands for a table in memory, whose temporary file no longer exists. */
const IN_MEMORY = " (table in memory)";

/** Returns the name of the table that an option gives. */
export const inMemory = (option: string): string => option + IN_MEMORY;

/** Returns the option whose table a path or name stands for; undefined for any other file. */
const optionOf = (path: string): string | undefined =>
  path.endsWith(IN_MEMORY)
    ? TABLES.find((option) => path === inMemory(option))
    : basename(dirname(dirname(path))).startsWith(PREFIX)
    ? basename(path, ".parquet")
    : undefined;

/** Returns a source's name for later readers of a dataset: a file as it was given, without secrets; a table as `data (table in memory)`. */
export function sourceName(path: string): string {
  const option = optionOf(path);
  return option === undefined ? withoutSecrets(path) : inMemory(option);
}

/** Returns the option of a configuration whose value was a table in memory. */
export const tableAmong = (config: Record<string, unknown>): typeof TABLES[number] | undefined =>
  TABLES.find((option) =>
    [config[option]].flat().some((path) => typeof path === "string" && optionOf(path) !== undefined)
  );

/** Returns a configuration as it is stored, with tables under their names. */
export function withSourceNames<C extends { data?: string[]; items?: string; users?: string }>(config: C): C {
  const { data, items, users } = config;
  return {
    ...config,
    ...(data && { data: data.map(sourceName) }),
    ...(items !== undefined && { items: sourceName(items) }),
    ...(users !== undefined && { users: sourceName(users) }),
  };
}

/** Replaces the paths of tables in a folder with their options, and their lines with rows: `data: row 5`. */
export const withoutFiles = (text: string, folder: string): string =>
  text.replace(
    new RegExp(`${RegExp.escape(folder)}[\\\\/][0-9a-f]{16}[\\\\/](\\w+)\\.parquet(: line )?`, "g"),
    (_, option: string, line?: string) => line === undefined ? option : `${option}: row `,
  );
