/**
 * CSV for pandas, DuckDB, Polars, R and spreadsheets.
 *
 * @module
 */
import type { ExportJob, Format } from "./format.ts";
import { itemSeparator } from "./ids.ts";
import { tablesReadme, writeTables } from "./tables.ts";
import { delimited } from "./text_table.ts";

const encoding = delimited(",");

/** Four CSV files in UTF-8 with a header; fields are quoted where they must be. */
export const csv: Format = {
  title: "CSV tables",
  description:
    "interactions, users, items and negatives as CSV with original ids, for pandas, DuckDB, Polars and R.",
  tools: ["R", "Excel"],
  compressions: ["none", "gzip", "zstd"],
  cells: true,
  write: (job) => writeTables(job, { extension: "csv", encoding, separator: separatorOf(job) }),
  readme(job) {
    const ending = job.output.nameOf("csv", encoding);
    const separator = JSON.stringify(separatorOf(job));
    const numeric = job.dataset.manifest.features.filter(({ kind }) => kind === "numeric").map(({ name }) =>
      name
    );
    // An item without a number would make all numbers of its column text.
    const missing = numeric.length === 0
      ? ""
      : `, na_values={${numeric.map((name) => `${JSON.stringify(name)}: [""]`).join(", ")}}`;
    return tablesReadme(job, {
      ending,
      several: `in one field with ${separator} between them`,
      // Ids are text: "007" must not become 7.
      load: {
        pandas: `
import pandas as pd
interactions = pd.read_csv("interactions.${ending}", dtype={"user": str, "item": str}, keep_default_na=False)
items = pd.read_csv("items.${ending}", dtype={"item": str}, keep_default_na=False${missing})`,
        duckdb: `
CREATE TABLE interactions AS FROM read_csv('interactions.${ending}', types = {'user': 'VARCHAR', 'item': 'VARCHAR'});
CREATE TABLE items AS FROM read_csv('items.${ending}', types = {'item': 'VARCHAR'});
SELECT split, count(*) FROM interactions GROUP BY split;`,
        polars: `
import polars as pl
interactions = pl.read_csv("interactions.${ending}", schema_overrides={"user": pl.String, "item": pl.String})
items = pl.read_csv("items.${ending}", schema_overrides={"item": pl.String})`,
      },
    });
  },
};

const separatorOf = ({ dataset }: ExportJob) => itemSeparator(dataset, "csv");
