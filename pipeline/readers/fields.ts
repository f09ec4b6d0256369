/**
 * Fields of objects and structures, those within them too: `user.id` is the field `id` of what `user` holds.
 *
 * @module
 */
import { InputError } from "../contract/errors.ts";
import type { ColumnUse } from "../contract/dataset/columns.ts";
import type { ColumnRole } from "../contract/stage/location.ts";
import { type Columns, columnsByHeader, type ColumnsWish, columnUse } from "./roles.ts";
import type { Source } from "./source.ts";
import { shorten } from "./shorten.ts";

/** The names from the outermost field to the one that is meant. */
export type FieldPath = readonly string[];

/** All fields by their names, in the order in which they come. */
export type FieldPaths = ReadonlyMap<string, FieldPath>;

/** Deeper fields are not looked at: an object that is so deep is a value. */
const MOST_DEEP = 8;

/** Whether a value is an object, and no list. */
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The fields of some objects. One that always holds an object is known by the fields of that; a field that is called `user.id` comes before the `id` of a
 * `user`.
 */
export function fieldPaths(objects: Iterable<Record<string, unknown>>): FieldPaths {
  const paths = new Map<string, FieldPath>(), empty = new Set<string>(), holders = new Set<string>();
  const visit = (object: Record<string, unknown>, above: FieldPath) => {
    for (const [key, value] of Object.entries(object)) {
      const path = [...above, key], name = path.join("."), known = paths.get(name);
      if (isObject(value) && Object.keys(value).length > 0 && path.length < MOST_DEEP) {
        holders.add(name);
        visit(value, path);
        continue;
      }
      if (value !== null && !isObject(value)) empty.delete(name);
      else if (!known) empty.add(name);
      if (!known || known.length > path.length) paths.set(name, path);
    }
  };
  for (const object of objects) visit(object, []);
  for (const name of empty) if (holders.has(name)) paths.delete(name);
  return paths;
}

/** Where the fields are that play a role. */
export type RoleFields = Partial<Record<ColumnRole, FieldPath>> & { user: FieldPath; item: FieldPath };

/** Fields that play a role: what the source calls them, where they are, and what of all fields was taken. */
export interface ChosenFields {
  columns: Columns;
  fields: RoleFields;
  use: ColumnUse;
}

/**
 * Gives fields their roles by their names, as {@link columnsByHeader} does.
 *
 * @param source For messages.
 * @param warnings Receives a remark where more than one field could play a role.
 * @throws {InputError} for a field that is missing.
 */
export function fieldsByHeader(
  source: string,
  paths: FieldPaths,
  wish: ColumnsWish | undefined,
  warnings: string[],
): ChosenFields {
  const names = [...paths.keys()], columns = columnsByHeader(source, names, wish, warnings);
  const fields = Object.entries(columns).map(([role, { name }]) => [role, paths.get(name)!]);
  return {
    columns,
    fields: Object.fromEntries(fields) as RoleFields,
    use: wholeUse(columnUse(names, columns), paths),
  };
}

/** What an object has at a path; undefined where there is nothing. */
export function valueAt(object: Record<string, unknown>, path: FieldPath): unknown {
  let value: unknown = object;
  for (const key of path) value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return value;
}

/**
 * Fields within each other: what `make` makes of the fields of each object, and `leaf` for the others.
 *
 * @param paths None of which begins with another.
 */
export function nested<T>(
  paths: readonly FieldPath[],
  leaf: T,
  make: (of: Record<string, T>) => T,
): Record<string, T> {
  const tops = [...new Set(paths.map(([top]) => top))];
  return Object.fromEntries(tops.map((top) => {
    const rests = paths.filter(([first]) => first === top).map(([, ...rest]) => rest);
    return [top, rests.some((rest) => rest.length === 0) ? leaf : make(nested(rests, leaf, make))];
  }));
}

/** What of the fields was not taken: of an object nothing of which was, itself. */
function wholeUse(use: ColumnUse, paths: FieldPaths): ColumnUse {
  const topOf = (name: string) => paths.get(name)?.[0] ?? name;
  const taken = new Set(Object.values(use.taken).map(topOf));
  const unused = use.unused.map((name) => taken.has(topOf(name)) ? name : topOf(name));
  return { ...use, unused: [...new Set(unused)] };
}

/** What to do with lists where single values are wanted. */
export const ROW_EACH =
  "write a row for each of its values, as explode does in pandas and Polars, unnest in DuckDB";

/**
 * The error for a line in which something else is where other lines have an object.
 *
 * @returns undefined where that is not so.
 */
export function notNested(
  { path: file }: Pick<Source, "path">,
  line: number,
  object: Record<string, unknown>,
  paths: Iterable<FieldPath>,
): InputError | undefined {
  for (const path of paths) {
    for (let depth = 1; depth < path.length; depth++) {
      const value = valueAt(object, path.slice(0, depth));
      if (value === undefined || value === null || isObject(value)) continue;
      return new InputError(
        `Cannot read ${file}: line ${line}: "${path.slice(0, depth).join(".")}" is no object with a field "${
          path[depth]
        }" (${shorten(JSON.stringify(value), 60)}), as it is in others`,
      );
    }
  }
}
