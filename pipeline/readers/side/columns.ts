/**
 * Names the columns of a side table and finds the id column.
 *
 * @module
 */
import pl, { type Expr } from "nodejs-polars";
import { didYouMean, InputError } from "../../contract/errors.ts";
import type { ColumnType, ColumnUse } from "../../contract/dataset/columns.ts";
import { BEHIND } from "../../contract/values/lists.ts";
import { knownColumn, quoteAll, repeatedColumn, shorten } from "../roles.ts";
import type { SideTableOptions } from "../types.ts";

/** The user's `columns`: names by position (undefined: skip), or new names for columns of the header, with or without the id. */
export type SideWish = { names: (string | undefined)[] } | { called: ReadonlyMap<string, string> };

/**
 * Parses the user's `columns`.
 *
 * @throws {InputError} if names by position lack the id, a name occurs twice, or both ways are mixed.
 */
export function parseSideColumns(columns: readonly string[] | undefined): SideWish | undefined {
  if (columns === undefined) return undefined;
  const wrong = (state: string) =>
    new InputError(`Cannot use columns ${columns.join(",")} for a side table: ${state}`);
  if (columns.some((column) => column.includes("="))) return { called: calledColumns(columns, wrong) };
  const twice = repeatedColumn(columns.filter((name) => name !== "_"));
  if (twice !== undefined) throw wrong(`"${twice}" occurs twice`);
  if (!columns.includes("id")) throw wrong('one of them must be "id"');
  return { names: columns.map((name) => name === "_" || name === "" ? undefined : name) };
}

/** Maps columns of the header to their new names, from `["id=article_no", "title=name"]`. */
function calledColumns(
  columns: readonly string[],
  wrong: (state: string) => InputError,
): Map<string, string> {
  const called = new Map<string, string>();
  for (const column of columns) {
    const at = column.indexOf("="), [name, own] = [column.slice(0, at).trim(), column.slice(at + 1).trim()];
    if (at < 0 || name === "" || own === "") {
      throw wrong(
        "say what columns are called, as in id=article_no,title=name, or name all by position (id,title,genres)",
      );
    }
    if (called.has(own) || [...called.values()].includes(name)) {
      throw wrong(`"${called.has(own) ? own : name}" occurs twice`);
    }
    called.set(own, name);
  }
  return called;
}

/**
 * Returns a name that is safe in a frame: if a column is called `height`, nodejs-polars returns it for `frame.height` and loses the
 * method. Such names get a `_` at the end.
 */
function safeName(name: string, warnings: string[]): string {
  if (Reflect.get(pl.DataFrame({}), name) === undefined) return name;
  warnings.push(`column "${name}" is called "${name}_" here: the name itself has a meaning for data frames`);
  return `${name}_`;
}

/**
 * Returns the columns' names in the frame, by position. The id column becomes `id`; undefined means that a column is left out.
 *
 * @param header The file's names of the columns, without types.
 * @param warnings Receives remarks for the user.
 */
export function sideNames(
  path: string,
  header: string[],
  wish: SideWish | undefined,
  { key, idName }: Pick<SideTableOptions, "key" | "idName">,
  warnings: string[],
): (string | undefined)[] {
  if (header.length === 0) throw new InputError(`Cannot read ${path}: it has no columns`);
  const repeated = repeatedColumn(header);
  if (repeated !== undefined) {
    throw new InputError(`Cannot read ${path}: column ${quoteAll([repeated])} occurs twice in the header`);
  }
  if (wish && "names" in wish) return positional(path, header.length, wish.names, warnings);
  const called = wish?.called ?? new Map<string, string>();
  for (const own of called.keys()) {
    if (header.includes(own)) continue;
    throw new InputError(
      `Cannot read ${path}: no column "${own}"${didYouMean(own, header)}; its columns are ${
        quoteAll(header)
      }`,
    );
  }
  const wished = header.findIndex((name) => called.get(name) === "id"),
    hinted = idName ? header.indexOf(idName) : -1;
  const id = [wished, hinted, idColumn(header, key)].find((at) => at >= 0) ?? -1;
  if (id < 0) {
    const option = key ? `${key}Columns: ` : "";
    throw new InputError(
      `Cannot read ${path}: no ${key ?? "id"} column among ${
        quoteAll(header)
      }; say which is the id, as in ${option}id=${shorten(header[0])}`,
    );
  }
  const names = header.map((name, i) => i === id ? "id" : called.get(name) ?? name);
  if (names.some((name, i) => name === "id" && i !== id)) {
    throw new InputError(
      `Cannot read ${path}: both ${
        quoteAll([header[id]])
      } and "id" could be the id; name the columns by position`,
    );
  }
  const twice = repeatedColumn(names);
  if (twice !== undefined) {
    throw new InputError(`Cannot read ${path}: two columns would be called "${twice}"`);
  }
  return names.map((name, i) => i === id ? "id" : name === "" ? undefined : safeName(name, warnings));
}

/** Names the columns by position, for a file without header. */
export function positional(
  path: string,
  width: number,
  names: (string | undefined)[],
  warnings: string[],
): (string | undefined)[] {
  if (names.length > width) {
    throw new InputError(`Cannot read ${path}: ${names.length} columns are named, but it has ${width}`);
  }
  return Array.from({ length: width }, (_, i) => names[i] && safeName(names[i], warnings));
}

/**
 * Returns the original names of columns that are renamed, and the columns that are left out.
 *
 * @param header The table's names of its columns, by position.
 * @param names The columns' names in the frame; undefined: left out.
 * @param types Types in the header, by the columns' names in the frame.
 */
export function sideUse(
  header: readonly string[],
  names: readonly (string | undefined)[],
  types: Record<string, ColumnType> = {},
): ColumnUse {
  const places = [...header.keys()];
  return {
    taken: Object.fromEntries(
      places.flatMap((i) => names[i] === undefined || names[i] === header[i] ? [] : [[names[i], header[i]]]),
    ),
    unused: places.filter((i) => names[i] === undefined && header[i] !== "").map((i) => header[i]),
    ...(Object.keys(types).length > 0 && { types }),
  };
}

function idColumn(header: string[], key: "item" | "user" | undefined): number {
  for (const role of key ? [key] : ["item", "user"] as const) {
    const name = knownColumn(role, header);
    if (name !== undefined) return header.indexOf(name);
  }
  return header.indexOf("id");
}

/** Adds {@link BEHIND} after the last of the values, which have it between them; empty fields stay empty. */
export function endedLists(joined: Expr): Expr {
  return pl.when(joined.isNull().or(joined.eq(pl.lit("")))).then(joined)
    .otherwise(pl.concatString([joined, pl.lit(BEHIND)], "")) as unknown as Expr;
}
