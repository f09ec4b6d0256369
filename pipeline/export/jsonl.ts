/**
 * JSON lines: one object a line, lists as arrays.
 *
 * @module
 */
import type { Format } from "./format.ts";
import { type ExportedTable, mapping, sql, tableColumns, tablesWithRows } from "./table_columns.ts";
import { tablesReadme, writeTables } from "./tables.ts";
import { jsonLines } from "./text_table.ts";

/** Four files of JSON lines. */
export const jsonl: Format = {
  title: "JSON lines",
  description:
    "interactions, users, items and negatives as one JSON object a line, several values as arrays.",
  compressions: ["none", "gzip", "zstd"],
  write: (job) => writeTables(job, { extension: "jsonl", encoding: jsonLines }),
  readme(job) {
    const ending = job.output.nameOf("jsonl", jsonLines);
    const lines = (line: (table: ExportedTable, file: string) => string) =>
      tablesWithRows(job).map((table) => line(table, `${table}.${ending}`)).join("\n");
    return tablesReadme(job, {
      ending,
      several: "an array",
      // Left to themselves they take texts for numbers, for dates and for other things that texts may look like.
      load: {
        pandas: lines((table, file) =>
          `${table} = pd.read_json("${file}", lines=True, dtype=False, convert_dates=False)`
        ),
        duckdb: lines((table, file) => {
          const types = mapping(tableColumns(job, table), sql, ({ kind }) => DUCKDB[kind]);
          return `CREATE TABLE ${table} AS FROM read_json('${file}', columns = ${types});`;
        }) + "\nSELECT split, count(*) FROM interactions GROUP BY split;",
        polars: lines((table, file) => `${table} = pl.read_ndjson("${file}", infer_schema_length=None)`),
      },
    });
  },
};

const DUCKDB = { text: "'VARCHAR'", texts: "'VARCHAR[]'", whole: "'BIGINT'", number: "'DOUBLE'" };
