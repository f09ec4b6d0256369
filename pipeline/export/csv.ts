/**
 * CSV for pandas, DuckDB, Polars, R and spreadsheets.
 *
 * @module
 */
import type { ExportJob, Format } from "./format.ts";
import { itemSeparator } from "./ids.ts";
import { SafeDataset } from "./safe_dataset.ts";
import {
  type ColumnKind,
  type ExportedTable,
  mapping,
  python,
  sql,
  tableColumns,
  tablesReadme,
  writeTables,
} from "./tables.ts";
import { delimited, marked } from "./output.ts";

const encoding = delimited(",");
/** With safe cells, the file is for a spreadsheet. */
const encodingOf = ({ dataset }: ExportJob) => dataset instanceof SafeDataset ? marked(encoding) : encoding;

/** Four CSV files in UTF-8 with a header; fields are quoted only if necessary. */
export const csv: Format = {
  title: "CSV tables",
  description:
    "interactions, users, items and negatives as CSV with original ids, for pandas, DuckDB, Polars and R.",
  tools: ["R", "Excel"],
  compressions: ["none", "gzip", "zstd"],
  cells: true,
  write: (job) =>
    writeTables(job, { extension: "csv", encoding: encodingOf(job), separator: separatorOf(job) }),
  readme(job) {
    const ending = job.output.nameOf("csv", encoding), separator = separatorOf(job);
    const types = (table: ExportedTable, quote: typeof sql, names: Partial<Record<ColumnKind, string>>) =>
      mapping(tableColumns(job, table), quote, ({ kind }) => names[kind]);
    return tablesReadme(job, {
      ending,
      several: `in one field with ${JSON.stringify(separator)} between them`,
      // Ids and other texts stay text: "007" must not become 7.
      load: {
        pandas: (table, file) => {
          const numbers = tableColumns(job, table).filter(({ kind }) => kind === "number");
          // A missing number would otherwise turn all numbers of its column into text.
          const missing = numbers.length === 0 ? "" : `, na_values=${mapping(numbers, python, () => '[""]')}`;
          const dtype = types(table, python, PANDAS);
          const read = `${table} = pd.read_csv("${file}", dtype=${dtype}, keep_default_na=False${missing})`;
          return table === "negatives" ? `${read}\n${splitIn.pandas(separator)}` : read;
        },
        duckdb: (table, file) => {
          const what = table === "negatives" ? `SELECT ${splitIn.duckdb(separator)} FROM` : "FROM";
          return `CREATE TABLE ${table} AS ${what} read_csv('${file}', delim = ',', header = true, types = ${
            types(table, sql, DUCKDB)
          });`;
        },
        polars: (table, file) => {
          const overrides = types(table, python, POLARS);
          const read = `${table} = pl.read_csv("${file}", schema_overrides=${overrides})`;
          return table === "negatives" ? read + splitIn.polars(separator) : read;
        },
      },
    });
  },
};

// Whole-number columns are our own, and every library recognises them.
const PANDAS = { text: "str", texts: "str", number: "float" };
const DUCKDB = { text: "'VARCHAR'", texts: "'VARCHAR'", number: "'DOUBLE'" };
const POLARS = { text: "pl.String", texts: "pl.String", number: "pl.Float64" };

/** How each library turns the field of negatives into a list. */
const splitIn = {
  pandas: (separator: string) =>
    `negatives["negatives"] = negatives["negatives"].str.split(${python(separator)}, regex=False)`,
  duckdb: (separator: string) => {
    const text = separator < " " ? `chr(${separator.charCodeAt(0)})` : sql(separator);
    return `* REPLACE (string_split(negatives, ${text}) AS negatives)`;
  },
  polars: (separator: string) => `.with_columns(pl.col("negatives").str.split(${python(separator)}))`,
};

const separatorOf = ({ dataset }: ExportJob) => itemSeparator(dataset, "csv");
