/**
 * Selects the columns for each role from rows with typed columns.
 *
 * @module
 */
import { InputError } from "../../contract/errors.ts";
import type { ColumnUse } from "../../contract/dataset/columns.ts";
import { type ColumnRole, ROLES } from "../../contract/stage/location.ts";
import { BINARY, typeName } from "../../contract/values/polars_type.ts";
import { noText } from "../../readers/columnar.ts";
import { columnPaths, expressionOf } from "../../readers/columnar/structures.ts";
import { fieldsByHeader } from "../../readers/fields.ts";
import type { ColumnsWish } from "../../readers/roles.ts";
import { numbers, type Runner } from "../runner.ts";
import type { SourceTime } from "../text/schema.ts";

/** Columns that have a role. */
export interface TypedColumns {
  roles: ColumnRole[];
  /** Select expressions, each named after its role: ids and ratings as text, times as numbers or text, dates as numbers. */
  selects: string[];
  /** Returns a column, or a field of its structs, as named in a query. */
  column(role: ColumnRole): string;
  use: ColumnUse;
  time: SourceTime;
}

/**
 * Finds the columns of a table by their names and selects them: ids as text, dates among the times as microseconds since 1970.
 *
 * @param table The table's name in a query.
 * @param shown The table's name in a message.
 * @throws {InputError} for a column whose type does not suit its role.
 */
export async function typedColumns(
  runner: Runner,
  table: string,
  shown: string,
  wish: ColumnsWish | undefined,
  warnings: string[],
): Promise<TypedColumns> {
  const d = runner.dialect, types = await runner.rows(`SELECT * FROM ${table} LIMIT 0`);
  const { columns, fields, use } = fieldsByHeader(shown, columnPaths(types.lazy()), wish, warnings);
  const roles = ROLES.filter((role) => columns[role]), name = (role: ColumnRole) => columns[role]!.name;
  const column = (role: ColumnRole) => fields[role]!.map(d.name).join(".");
  const taken = types.select(...roles.map((role) => expressionOf(fields[role]!).alias(role)));
  const typeOf = (role: ColumnRole) => typeName(taken.getColumn(role));
  const time = roles.includes("timestamp")
    ? await timeType(runner, table, column("timestamp"), typeOf("timestamp"))
    : "";
  const selectOf = (role: ColumnRole, column: string, type: string) => {
    if (role === "timestamp") return timeOf(column, type)?.select;
    return role === "rating" ? ratingOf(column, type) : idOf(column, type);
  };
  const selects: string[] = [];
  for (const role of roles) {
    const type = role === "timestamp" ? time : typeOf(role);
    const select = type === BINARY
      ? await textOf(runner, table, column(role), () => noText({ path: shown }, name(role), role))
      : selectOf(role, column(role), type);
    if (select === undefined) {
      throw new InputError(`Cannot read ${shown}: column "${name(role)}" is ${type}, not the ${role}`);
    }
    selects.push(`${select} AS ${role}`);
  }
  return {
    roles,
    selects,
    column,
    use,
    time: roles.includes("timestamp") ? timeOf("", time)!.time : "text",
  };
}

/** Reads bytes that no writer has marked as text, as text. */
async function textOf(
  runner: Runner,
  table: string,
  column: string,
  refused: () => InputError,
): Promise<string> {
  const text = `cast(${column} AS STRING)`;
  const { n } = await numbers(
    runner,
    `SELECT ${runner.dialect.countIf(`NOT is_valid_utf8(${text})`)} AS n FROM ${table}`,
  );
  if (n > 0) throw refused();
  return text;
}

const isWhole = (type: string) => /^U?Int(8|16|32|64)$/.test(type);
const isNumber = (type: string) => /^(Float(32|64)|Decimal|Bool)$/.test(type);

/**
 * Returns the type of times. Decimal numbers may be unsigned 64-bit ones: if they fit into signed ones, they are treated as whole
 * and not rounded.
 */
async function timeType(runner: Runner, table: string, column: string, type: string): Promise<string> {
  if (type !== "Decimal") return type;
  const { n } = await numbers(
    runner,
    `SELECT ${
      runner.dialect.countIf(`coalesce(try_cast(${column} AS BIGINT) <> ${column}, ${column} IS NOT NULL)`)
    } AS n FROM ${table}`,
  );
  return n === 0 ? "Int64" : type;
}

/**
 * Returns ids as text: whole floats, which pandas makes of integers with gaps, as integers, other floats in decimal; what is not a
 * number counts as missing.
 */
function idOf(column: string, type: string): string | undefined {
  if (type === "String" || type === "Utf8") return column;
  if (isWhole(type) || type === "Bool" || type === "Decimal") return `cast(${column} AS STRING)`;
  if (!/^Float/.test(type)) return undefined;
  const whole = `cast(${column} AS BIGINT)`, text = `cast(${column} AS STRING)`;
  const decimals = `regexp_replace(cast(cast(${text} AS DECIMAL(38, 18)) AS STRING), '0+$', '')`;
  return `CASE WHEN ${whole} = ${column} THEN cast(${whole} AS STRING) ` +
    `WHEN abs(${column}) >= 1e-4D AND abs(${column}) < 1e18D THEN ${decimals} ` +
    `WHEN abs(${column}) <= ${Number.MAX_VALUE}D THEN ${text} END`;
}

function ratingOf(column: string, type: string): string | undefined {
  if (type === "String" || type === "Utf8") return column;
  return isWhole(type) || isNumber(type) ? `cast(cast(${column} AS DOUBLE) AS STRING)` : undefined;
}

function timeOf(column: string, type: string): { select: string; time: SourceTime } | undefined {
  if (type === "String" || type === "Utf8" || type === BINARY) return { select: column, time: "text" };
  if (isWhole(type)) return { select: `cast(${column} AS BIGINT)`, time: "whole" };
  if (isNumber(type)) return { select: `cast(${column} AS DOUBLE)`, time: "number" };
  if (type !== "Datetime" && type !== "Date") return undefined;
  return { select: `unix_micros(cast(${column} AS TIMESTAMP))`, time: "microseconds" };
}
