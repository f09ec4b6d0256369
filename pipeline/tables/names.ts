/**
 * What tables in memory are called where files are named: they are written to files of this process, which nobody finds later.
 *
 * @module
 */
import { basename, dirname } from "node:path";
import { withoutSecrets } from "../display/text/secrets.ts";

/** Options that may be tables. */
export const TABLES = ["data", "items", "users"] as const;

/** How the folder of a process begins that has its tables: there, each is at `HASH/OPTION.parquet`. */
export const PREFIX = "automlp-tables-";

/** Behind the option's name, what a table in memory is called where files are named: its own was of this process, and is gone. */
const IN_MEMORY = " (table in memory)";

/** What the table that an option gives is called. */
export const inMemory = (option: string): string => option + IN_MEMORY;

/** The option whose table a path, or what stands for it, is of; undefined of any other file. */
const optionOf = (path: string): string | undefined =>
  path.endsWith(IN_MEMORY)
    ? TABLES.find((option) => path === inMemory(option))
    : basename(dirname(dirname(path))).startsWith(PREFIX)
    ? basename(path, ".parquet")
    : undefined;

/** What a source is called by who looks at a dataset later: a file as it was given, but for secrets, a table `data (table in memory)`. */
export function sourceName(path: string): string {
  const option = optionOf(path);
  return option === undefined ? withoutSecrets(path) : inMemory(option);
}

/** The option of a configuration whose value was a table in memory. */
export const tableAmong = (config: Record<string, unknown>): typeof TABLES[number] | undefined =>
  TABLES.find((option) =>
    [config[option]].flat().some((path) => typeof path === "string" && optionOf(path) !== undefined)
  );

/** A configuration as it is kept: tables have their names. */
export function withSourceNames<C extends { data?: string[]; items?: string; users?: string }>(config: C): C {
  const { data, items, users } = config;
  return {
    ...config,
    ...(data && { data: data.map(sourceName) }),
    ...(items !== undefined && { items: sourceName(items) }),
    ...(users !== undefined && { users: sourceName(users) }),
  };
}

/** A text in which the tables in a folder are called by their options, and a line of theirs is a row: `data: row 5`. */
export const withoutFiles = (text: string, folder: string): string =>
  text.replace(
    new RegExp(`${RegExp.escape(folder)}[\\\\/][0-9a-f]{16}[\\\\/](\\w+)\\.parquet(: line )?`, "g"),
    (_, option: string, line?: string) => line === undefined ? option : `${option}: row `,
  );
