/**
 * Parquet, with types and lists.
 *
 * @module
 */
import type { Format } from "./format.ts";
import { tablesReadme, writeTables } from "./tables.ts";

/** Four Parquet files. */
export const parquet: Format = {
  title: "Parquet tables",
  description:
    "interactions, users, items and negatives as Parquet with original ids, several values as lists.",
  tools: ["pandas", "DuckDB", "Polars", "Spark"],
  compressions: ["zstd", "snappy", "lz4", "gzip", "none"],
  write: (job) => writeTables(job, { extension: "parquet", encoding: "parquet" }),
  readme: (job) =>
    tablesReadme(job, {
      ending: "parquet",
      several: "a list",
      load: {
        pandas: `
import pandas as pd
interactions = pd.read_parquet("interactions.parquet")
items = pd.read_parquet("items.parquet")`,
        duckdb: `
CREATE VIEW interactions AS FROM 'interactions.parquet';
CREATE VIEW items AS FROM 'items.parquet';
SELECT split, count(*) FROM interactions GROUP BY split;`,
        polars: `
import polars as pl
interactions = pl.scan_parquet("interactions.parquet")
items = pl.read_parquet("items.parquet")`,
      },
    }),
};
