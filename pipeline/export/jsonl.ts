/**
 * JSON Lines: one object per line, lists as arrays.
 *
 * @module
 */
import type { Format } from "./format.ts";
import { mapping, sql, tableColumns, tablesReadme, writeTables } from "./tables.ts";
import { jsonLines } from "./output.ts";

/** Four files of JSON Lines. */
export const jsonl: Format = {
  title: "JSON lines",
  description:
    "interactions, users, items and negatives as one JSON object a line, several values as arrays.",
  compressions: ["none", "gzip", "zstd"],
  write: (job) => writeTables(job, { extension: "jsonl", encoding: jsonLines }),
  readme(job) {
    const ending = job.output.nameOf("jsonl", jsonLines);
    return tablesReadme(job, {
      ending,
      several: "an array",
      // Without types, libraries take texts for numbers, dates or whatever else they look like.
      load: {
        pandas: (table, file) =>
          `${table} = pd.read_json("${file}", lines=True, dtype=False, convert_dates=False)`,
        duckdb: (table, file) => {
          const types = mapping(tableColumns(job, table), sql, ({ kind }) => DUCKDB[kind]);
          return `CREATE TABLE ${table} AS FROM read_json('${file}', columns = ${types});`;
        },
        polars: (table, file) => `${table} = pl.read_ndjson("${file}", infer_schema_length=None)`,
      },
    });
  },
};

const DUCKDB = { text: "'VARCHAR'", texts: "'VARCHAR[]'", whole: "'BIGINT'", number: "'DOUBLE'" };
