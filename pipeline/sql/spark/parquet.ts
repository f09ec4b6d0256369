/**
 * Parquet on Spark.
 *
 * @module
 */
import type { DataFrame } from "../../contract/frame.ts";
import { InputError } from "../../contract/errors.ts";
import { type ColumnRole, ROLES, type RowLocation } from "../../contract/location.ts";
import { columnsByHeader, type ColumnsWish, columnUse } from "../../readers/roles.ts";
import { numbers, type Runner } from "../runner.ts";
import type { SourceTime } from "../text/schema.ts";
import { filesTable } from "./files.ts";
import { lineOf, type Part, type PartFiles, shownFile, sourceRow } from "./part.ts";

/** Reads Parquet files: ids as text, times that are dates as seconds since 1970. */
export async function readParquet(
  runner: Runner,
  files: PartFiles,
  wish: ColumnsWish | undefined,
  warnings: string[],
): Promise<Part> {
  const { pattern, index, before } = files, d = runner.dialect;
  const table = filesTable("parquet", pattern);
  const types = await runner.rows(`SELECT * FROM ${table} LIMIT 0`);
  const columns = columnsByHeader(pattern, types.columns, wish, warnings);
  const roles = ROLES.filter((role) => columns[role]), name = (role: ColumnRole) => columns[role]!.name;
  const typeOf = (role: ColumnRole) => types.getColumn(name(role)).dtype.variant as string;
  const refused = (role: ColumnRole) =>
    new InputError(`Cannot read ${pattern}: column "${name(role)}" is ${typeOf(role)}, not the ${role}`);
  const selects: string[] = [];
  for (const role of roles) {
    const column = d.name(name(role)), type = typeOf(role);
    const select = role === "timestamp"
      ? timeOf(column, type)?.select
      : role === "rating"
      ? ratingOf(column, type)
      : await idOf(runner, table, column, type);
    if (select === undefined) throw refused(role);
    selects.push(`${select} AS ${role}`);
  }
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
  return {
    view,
    use: columnUse(types.columns, columns),
    time: roles.includes("timestamp") ? timeOf("", typeOf("timestamp"))!.time : "text",
    hasRagged: false,
    rows: n,
    blank: 0,
    locate: (wanted) => locate(runner, wanted, { table, list, roles, files, name }),
  };
}

const isWhole = (type: string) => /^U?Int(8|16|32|64)$/.test(type);
const isNumber = (type: string) => /^(Float(32|64)|Decimal|Bool)$/.test(type);

/** Ids as text; whole floats, which pandas makes of integers with gaps, as integers. */
async function idOf(
  runner: Runner,
  table: string,
  column: string,
  type: string,
): Promise<string | undefined> {
  if (type === "String" || type === "Utf8") return column;
  if (isWhole(type)) return `cast(${column} AS STRING)`;
  if (!/^Float/.test(type)) return undefined;
  const { n } = await numbers(
    runner,
    `SELECT ${runner.dialect.countIf(`cast(${column} AS BIGINT) <> ${column}`)} AS n FROM ${table}`,
  );
  return n === 0 ? `cast(cast(${column} AS BIGINT) AS STRING)` : undefined;
}

function ratingOf(column: string, type: string): string | undefined {
  if (type === "String" || type === "Utf8") return column;
  return isWhole(type) || isNumber(type) ? `cast(cast(${column} AS DOUBLE) AS STRING)` : undefined;
}

function timeOf(column: string, type: string): { select: string; time: SourceTime } | undefined {
  if (type === "String" || type === "Utf8") return { select: column, time: "text" };
  if (isWhole(type)) return { select: `cast(${column} AS BIGINT)`, time: "whole" };
  if (isNumber(type)) return { select: `cast(${column} AS DOUBLE)`, time: "number" };
  if (type !== "Datetime" && type !== "Date") return undefined;
  return { select: `unix_millis(cast(${column} AS TIMESTAMP))`, time: "whole" };
}

/** A row's "line" is its number, from 1; its text is its values as JSON. */
async function locate(
  runner: Runner,
  wanted: string,
  { table, list, roles, files, name }: {
    table: string;
    list: string;
    roles: ColumnRole[];
    files: PartFiles;
    name(role: ColumnRole): string;
  },
): Promise<RowLocation[]> {
  const d = runner.dialect, row = sourceRow("f.file_number", "r.place + 1");
  const rows =
    `SELECT to_json(struct(*), map('ignoreNullFields', 'false')) AS text, _metadata.file_path AS file,
    _metadata.row_index AS place, ${
      roles.map((role) => `cast(${d.name(name(role))} AS STRING) AS ${role}`).join(", ")
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
