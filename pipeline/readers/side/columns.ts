/**
 * Names of the columns of a side table, and which of them is the id.
 *
 * @module
 */
import pl from "nodejs-polars";
import { didYouMean, InputError } from "../../contract/errors.ts";
import { knownColumn } from "../roles.ts";
import { firstRepeated, quoteAll, shorten } from "../shorten.ts";

/** The user's `columns`: names by position (undefined: skip), or the id's name. */
export type SideWish = { names: (string | undefined)[] } | { id: string };

/** @throws {InputError} if there is no id, a name occurs twice, or both ways are mixed. */
export function parseSideColumns(columns: string[] | undefined): SideWish | undefined {
  if (columns === undefined) return undefined;
  const wrong = (state: string) =>
    new InputError(`Cannot use columns ${columns.join(",")} for a side table: ${state}`);
  const named = columns.filter((column) => column.includes("="));
  if (named.length > 0) {
    if (columns.length > 1 || !columns[0].startsWith("id=")) {
      throw wrong("say which column is the id (id=movieId), or name all by position (id,title,genres)");
    }
    return { id: columns[0].slice("id=".length) };
  }
  const twice = columns.find((name, i) => name !== "_" && columns.indexOf(name) < i);
  if (twice !== undefined) throw wrong(`"${twice}" occurs twice`);
  if (!columns.includes("id")) throw wrong('one of them must be "id"');
  return { names: columns.map((name) => name === "_" || name === "" ? undefined : name) };
}

/**
 * A name that a frame can have: nodejs-polars takes `frame.height` for the column where one is called so, and loses the
 * method. Such a name gets a `_`.
 */
function safeName(name: string, warnings: string[]): string {
  if (Reflect.get(pl.DataFrame({}), name) === undefined) return name;
  warnings.push(`column "${name}" is called "${name}_" here: the name itself has a meaning for data frames`);
  return `${name}_`;
}

/**
 * The columns' names in the frame, by position: the id's column becomes `id`; undefined: left out.
 *
 * @param header What the file calls them, without types.
 * @param warnings Receives remarks for the user.
 */
export function sideNames(
  path: string,
  header: string[],
  wish: SideWish | undefined,
  key: "item" | "user" | undefined,
  warnings: string[],
): (string | undefined)[] {
  if (header.length === 0) throw new InputError(`Cannot read ${path}: it has no columns`);
  const twice = firstRepeated(header);
  if (twice !== undefined) {
    throw new InputError(`Cannot read ${path}: column ${quoteAll([twice])} occurs twice in the header`);
  }
  if (wish && "names" in wish) return positional(path, header.length, wish.names, warnings);
  const id = wish ? header.indexOf(wish.id) : idColumn(header, key);
  if (id < 0) {
    const columns = quoteAll(header);
    throw new InputError(
      wish
        ? `Cannot read ${path}: no column "${wish.id}"${
          didYouMean(wish.id, header)
        }; its columns are ${columns}`
        : `Cannot read ${path}: no ${key ?? "id"} column among ${columns}; say which is the id, as in id=${
          shorten(header[0])
        }`,
    );
  }
  if (header.some((name, i) => name === "id" && i !== id)) {
    throw new InputError(
      `Cannot read ${path}: both ${
        quoteAll([header[id]])
      } and "id" could be the id; name the columns by position`,
    );
  }
  return header.map((name, i) => i === id ? "id" : name === "" ? undefined : safeName(name, warnings));
}

/** The same for a file without header. */
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

function idColumn(header: string[], key: "item" | "user" | undefined): number {
  for (const role of key ? [key] : ["item", "user"] as const) {
    const name = knownColumn(role, header);
    if (name !== undefined) return header.indexOf(name);
  }
  return header.indexOf("id");
}
