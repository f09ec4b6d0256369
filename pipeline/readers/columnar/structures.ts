/**
 * Columns of files with types, and the fields of struct columns.
 *
 * @module
 */
import pl, { type DataType, type Expr, type LazyDataFrame, type Series } from "nodejs-polars";
import { namedType } from "../../contract/values/polars_type.ts";
import type { FieldPath, FieldPaths } from "../fields.ts";

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
