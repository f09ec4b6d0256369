/**
 * Fields of objects, and of the structs in files with types, including nested ones: `user.id` is the field `id` of the object in `user`.
 *
 * @module
 */
import pl, { type DataType, type Expr, type LazyDataFrame, type Series } from "nodejs-polars";
import { InputError } from "../contract/errors.ts";
import type { ColumnUse } from "../contract/dataset/columns.ts";
import type { ColumnRole } from "../contract/stage/location.ts";
import { namedType } from "../contract/values/polars_type.ts";
import { type Columns, columnsByHeader, type ColumnsWish, columnUse, shorten } from "./roles.ts";
import type { Source } from "./source.ts";

/** The names from the outermost field to the innermost. */
export type FieldPath = readonly string[];

/** All fields by name, in the order in which they occur. */
export type FieldPaths = ReadonlyMap<string, FieldPath>;

/** Maximum depth of fields: an object nested deeper counts as a value. */
const MOST_DEEP = 8;

/** Checks whether a value is an object, not a list. */
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Returns the fields of some objects. A field that always holds an object is represented by that object's fields. A field named
 * `user.id` takes precedence over the `id` of a `user`.
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

/** Where the fields with a role are. */
export type RoleFields = Partial<Record<ColumnRole, FieldPath>> & { user: FieldPath; item: FieldPath };

/** Fields with a role: what the source calls them, where they are, and which of all fields were taken. */
export interface ChosenFields {
  columns: Columns;
  fields: RoleFields;
  use: ColumnUse;
}

/**
 * Assigns roles to fields by their names, as {@link columnsByHeader} does.
 *
 * @param source For messages.
 * @param warnings Receives a remark if more than one field could have a role.
 * @param objects Some of the source's objects, for messages.
 * @throws {InputError} for a field that is missing.
 */
export function fieldsByHeader(
  source: string,
  paths: FieldPaths,
  wish: ColumnsWish | undefined,
  warnings: string[],
  objects: readonly Record<string, unknown>[] = [],
): ChosenFields {
  const names = [...paths.keys()];
  const valuesOf = (column: number) =>
    objects.map((object) => String(valueAt(object, paths.get(names[column])!) ?? ""));
  const columns = columnsByHeader(source, names, wish, warnings, valuesOf);
  const fields = Object.entries(columns).map(([role, { name }]) => [role, paths.get(name)!]);
  return {
    columns,
    fields: Object.fromEntries(fields) as RoleFields,
    use: wholeUse(columnUse(names, columns), paths),
  };
}

/** Returns an object's value at a path; undefined if there is none. */
export function valueAt(object: Record<string, unknown>, path: FieldPath): unknown {
  let value: unknown = object;
  for (const key of path) value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return value;
}

/**
 * Builds a nested structure from paths: `make` combines the fields of each object, and all other fields are `leaf`.
 *
 * @param paths None may be the beginning of another.
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

/** Names what was not taken: an object is listed as a whole if none of its fields was taken. */
function wholeUse(use: ColumnUse, paths: FieldPaths): ColumnUse {
  const topOf = (name: string) => paths.get(name)?.[0] ?? name;
  const taken = new Set(Object.values(use.taken).map(topOf));
  const unused = use.unused.map((name) => taken.has(topOf(name)) ? name : topOf(name));
  return { ...use, unused: [...new Set(unused)] };
}

/** Advice for lists where single values are needed. */
export const ROW_EACH =
  "write a row for each of its values, as explode does in pandas and Polars, unnest in DuckDB";

/**
 * Returns the error for a line that has another kind of value where other lines have an object.
 *
 * @returns undefined if the line has no such value.
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

/** Returns the fields of a struct type; undefined for any other type. */
function fieldsOf(type: DataType): { name: string; dtype: DataType }[] | undefined {
  const { variant, fields } = type as unknown as {
    variant: string;
    fields?: { name: string; dtype: DataType }[];
  };
  return variant === "Struct" && fields && fields.length > 0 ? fields : undefined;
}

/** Prefix for column names, so that none is the name of a member of a frame, which would then return the column. */
const BEFORE = "column ";

/** Returns a table's columns by name, without rows. */
export function columnsWithoutRows(table: LazyDataFrame): ReadonlyMap<string, Series> {
  const none = table.slice(0, 0).select(pl.all().prefix(BEFORE)).collectSync();
  return new Map(table.columns.map((name) => [name, none.getColumn(BEFORE + name)]));
}

/**
 * Returns all columns of a table by name; a struct is represented by its fields. A column named `user.id` takes precedence over the
 * `id` of a `user`.
 */
export function columnPaths(table: LazyDataFrame): FieldPaths {
  const paths = new Map<string, FieldPath>();
  const visit = (path: FieldPath, type: DataType | undefined) => {
    const fields = type && fieldsOf(type), name = path.join("."), known = paths.get(name);
    if (fields) fields.forEach((field) => visit([...path, field.name], field.dtype));
    else if (!known || known.length > path.length) paths.set(name, path);
  };
  for (const [name, column] of columnsWithoutRows(table)) visit([name], namedType(column));
  return paths;
}

/** Returns the Polars expression for a column or a field of its structs. */
export const expressionOf = ([column, ...fields]: FieldPath): Expr =>
  fields.reduce((within, name) => within.struct.field(name), pl.col(column));
