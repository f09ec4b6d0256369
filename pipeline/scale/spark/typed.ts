/**
 * Selects the columns for each role from rows with typed columns.
 *
 * @module
 */
import type { ColumnUse } from "../../contract/dataset/columns.ts";
import { InputError } from "../../contract/errors.ts";
import type { DataFrame } from "../../contract/frame.ts";
import { type ColumnRole, ROLES, type RowLocation } from "../../contract/stage/location.ts";
import { BINARY, typeName } from "../../contract/values/polars_type.ts";
import { noText } from "../../readers/columnar.ts";
import { columnPaths, expressionOf, fieldsByHeader } from "../../readers/fields.ts";
import type { ColumnsWish } from "../../readers/roles.ts";
import { SPARK as d } from "../dialect.ts";
import { type ClusterFile, numbers, type Runner } from "../engine.ts";
import type { SourceTime } from "../stages/schema_sql.ts";
import { filesTable, lineOf, type Part, type PartFiles, passedOver, shownFile, sourceRow } from "./files.ts";

/** Columns that have a role. */
interface TypedColumns {
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
async function typedColumns(
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

/** Reads Parquet files: ids as text, dates among the times as microseconds since 1970. */
export async function readParquet(
  runner: Runner,
  files: PartFiles,
  wish: ColumnsWish | undefined,
  warnings: string[],
): Promise<Part> {
  const { pattern, index, before } = files, d = runner.dialect;
  const table = filesTable("parquet", pattern);
  const { roles, selects, column, use, time } = await typedColumns(runner, table, pattern, wish, warnings);
  const [list, view] = [`files_${index}`, `part_${index}`];
  await runner.keep(
    list,
    `SELECT file, ${before} + row_number() OVER (ORDER BY file) AS file_number
    FROM (SELECT DISTINCT _metadata.file_path AS file FROM ${table}) files`,
  );
  const rows = `SELECT ${
    selects.join(", ")
  }, _metadata.file_path AS file, _metadata.row_index AS place FROM ${table}`;
  await runner.view(
    view,
    `SELECT ${d.small("f")} ${roles.map((role) => `r.${role}`).join(", ")}, ${
      sourceRow("f.file_number", "r.place + 1")
    } AS source_row FROM (${rows}) r JOIN ${list} f ON r.file = f.file`,
  );
  const { n } = await numbers(runner, `SELECT count(*) AS n FROM ${table}`);
  const { filled } = await numbers(runner, `SELECT count(*) AS filled FROM ${list}`);
  const noRow = "no row of data in it", withRows = `SELECT file, true AS filled FROM ${list}`;
  const none = await passedOver(runner, files, filled, withRows, noRow, noRow);
  warnings.push(...none);
  return {
    view,
    use,
    time,
    flaws: [],
    rows: n,
    blank: 0,
    locate: (wanted) => locateInParquet(runner, wanted, { table, list, roles, files, column }),
  };
}

/** Finds rows again. A row's "line" is its number, from 1; its text is its values as JSON. */
async function locateInParquet(
  runner: Runner,
  wanted: string,
  { table, list, roles, files, column }: {
    table: string;
    list: string;
    roles: ColumnRole[];
    files: PartFiles;
    column(role: ColumnRole): string;
  },
): Promise<RowLocation[]> {
  const d = runner.dialect, row = sourceRow("f.file_number", "r.place + 1");
  const rows =
    `SELECT to_json(struct(*), map('ignoreNullFields', 'false')) AS text, _metadata.file_path AS file,
    _metadata.row_index AS place, ${
      roles.map((role) => `cast(${column(role)} AS STRING) AS ${role}`).join(", ")
    } FROM ${table}`;
  const frame: DataFrame = await runner.rows(
    `SELECT ${d.small("f")} r.file, ${lineOf(row)} AS line, r.text, ${
      roles.map((role) => `r.${role}`).join(", ")
    }
    FROM (${rows}) r JOIN ${list} f ON r.file = f.file WHERE ${row} IN (SELECT source_row FROM (${wanted}) wanted) ORDER BY ${row}`,
  );
  return (frame.rows() as (string | null)[][]).map(([file, line, text, ...fields]) => ({
    file: shownFile(file!, files),
    line: Number(line),
    text: text!,
    fields: Object.fromEntries(roles.map((role, i) => [role, fields[i]]).filter(([, field]) => field)),
  }));
}

const PREFIX = "table:";

/** Whether a pattern names a table. */
export const isTable = (pattern: string): boolean => pattern.startsWith(PREFIX);

/**
 * Returns a table's name in a query.
 *
 * @throws {InputError} for a name without a database, since it would then depend on the session's current database.
 */
function queryName(pattern: string): string {
  const parts = pattern.slice(PREFIX.length).match(/`(?:[^`]|``)+`|[^.`]+/g) ?? [];
  const names = parts.map((part) => part.startsWith("`") ? part.slice(1, -1).replaceAll("``", "`") : part);
  if (names.length < 2 || parts.join(".") !== pattern.slice(PREFIX.length)) {
    throw new InputError(
      `Cannot read ${pattern} on the cluster: name the table with its database, as in table:default.clicks`,
    );
  }
  return names.map(d.name).join(".");
}

/** Formats the columns that are read of each row as one text, in which null and an empty text differ. */
const rowText = ({ roles }: Pick<TypedColumns, "roles">) => `to_json(struct(${roles.join(", ")}))`;

/** Describes a table by its rows: only these show whether it has changed, since a table may be a view, or have any format. */
export async function tableFacts(
  runner: Runner,
  pattern: string,
  wish: ColumnsWish | undefined,
): Promise<ClusterFile> {
  const table = queryName(pattern), columns = await typedColumns(runner, table, pattern, wish, []);
  const facts = await runner.rows(
    `SELECT coalesce(sum(octet_length(text)), 0) AS bytes, count(*) AS n, hex(coalesce(sum(xxhash64(text)), 0)) AS digest
    FROM (SELECT ${rowText(columns)} AS text FROM (SELECT ${
      columns.selects.join(", ")
    } FROM ${table}) read) rows`,
  );
  const [bytes, n, digest] = facts.row(0) as [number, number, string];
  return { path: pattern, bytes: Number(bytes), digest: `${n}-${digest}` };
}

/** Reads a table. */
export async function readTable(
  runner: Runner,
  { pattern, index }: PartFiles,
  wish: ColumnsWish | undefined,
  warnings: string[],
): Promise<Part> {
  const table = queryName(pattern), columns = await typedColumns(runner, table, pattern, wish, warnings);
  const { roles, selects, use, time } = columns, view = `part_${index}`;
  await runner.view(
    view,
    `SELECT ${roles.join(", ")}, xxhash64(${rowText(columns)}) & ${2n ** 63n - 1n} AS source_row
    FROM (SELECT ${selects.join(", ")} FROM ${table}) read`,
  );
  const { n } = await numbers(runner, `SELECT count(*) AS n FROM ${view}`);
  return {
    view,
    use,
    time,
    flaws: [],
    rows: n,
    blank: 0,
    locate: (wanted) => locateInTable(runner, wanted, { view, columns, pattern }),
  };
}

/** Finds rows again. A row's text is the columns that are read, as JSON; it has no line. */
async function locateInTable(
  runner: Runner,
  wanted: string,
  { view, columns, pattern }: { view: string; columns: TypedColumns; pattern: string },
): Promise<RowLocation[]> {
  const roles = ROLES.filter((role) => columns.roles.includes(role));
  const frame = await runner.rows(
    `SELECT ${rowText(columns)} AS text, ${
      roles.map((role) => `cast(${role} AS STRING) AS ${role}`).join(", ")
    }
    FROM ${view} WHERE source_row IN (SELECT source_row FROM (${wanted}) wanted) ORDER BY source_row`,
  );
  return (frame.rows() as (string | null)[][]).map(([text, ...fields]) => ({
    file: pattern,
    line: 0,
    text: text!,
    fields: Object.fromEntries(roles.map((role, i) => [role, fields[i]]).filter(([, field]) => field)),
  }));
}
