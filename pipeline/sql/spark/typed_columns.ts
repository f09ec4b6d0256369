/**
 * What rows with types of their own have for each role.
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

/** Columns that play a role. */
export interface TypedColumns {
  roles: ColumnRole[];
  /** Items of a select, each called as its role: ids and ratings as text, times as numbers or text, dates as numbers. */
  selects: string[];
  /** A column, or a field of its structures, as a query names it. */
  column(role: ColumnRole): string;
  use: ColumnUse;
  time: SourceTime;
}

/**
 * Finds the columns of a table by their names, and reads them: ids as text, times that are dates as microseconds since 1970.
 *
 * @param table As a query names it.
 * @param shown As a message does.
 * @throws {InputError} for a column whose type cannot be what it is to be.
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

/** Bytes that no writer has called text, as that. */
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

/** Times as decimal numbers may be unsigned ones of 64 bits: where they fit into signed ones they are whole, and not rounded. */
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

/** Ids as text; whole floats, which pandas makes of integers with gaps, as integers, others in decimals; what is no number is missing. */
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
