/**
 * Reads Parquet files on Spark.
 *
 * @module
 */
import type { DataFrame } from "../../contract/frame.ts";
import type { ColumnRole, RowLocation } from "../../contract/stage/location.ts";
import type { ColumnsWish } from "../../readers/roles.ts";
import { numbers, type Runner } from "../runner.ts";
import { filesTable } from "./files.ts";
import { lineOf, type Part, type PartFiles, shownFile, sourceRow } from "./part.ts";
import { passedOver } from "./passed_over.ts";
import { typedColumns } from "./typed_columns.ts";

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
    locate: (wanted) => locate(runner, wanted, { table, list, roles, files, column }),
  };
}

/** Finds rows again. A row's "line" is its number, from 1; its text is its values as JSON. */
async function locate(
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
