/**
 * Columns of files that have types, and the fields of those that are structures.
 *
 * @module
 */
import pl, { type DataType, type Expr, type LazyDataFrame, type Series } from "nodejs-polars";
import { namedType } from "../../contract/values/polars_type.ts";
import type { FieldPath, FieldPaths } from "../fields.ts";

/** Of a type that is a structure, its fields; undefined of any other. */
function fieldsOf(type: DataType): { name: string; dtype: DataType }[] | undefined {
  const { variant, fields } = type as unknown as {
    variant: string;
    fields?: { name: string; dtype: DataType }[];
  };
  return variant === "Struct" && fields && fields.length > 0 ? fields : undefined;
}

/** Before the names of columns: with it none is that of a member of a frame, which would give the column. */
const BEFORE = "column ";

/** A table's columns by their names, without rows. */
export function columnsWithoutRows(table: LazyDataFrame): ReadonlyMap<string, Series> {
  const none = table.slice(0, 0).select(pl.all().prefix(BEFORE)).collectSync();
  return new Map(table.columns.map((name) => [name, none.getColumn(BEFORE + name)]));
}

/**
 * All columns of a table by their names; a structure is known by its fields. A column that is called `user.id` comes before the `id` of a `user`.
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

/** What a column, or a field of its structures, is to Polars. */
export const expressionOf = ([column, ...fields]: FieldPath): Expr =>
  fields.reduce((within, name) => within.struct.field(name), pl.col(column));
