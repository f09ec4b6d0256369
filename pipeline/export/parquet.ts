/**
 * Parquet, with types and lists.
 *
 * @module
 */
import type { Format } from "./format.ts";
import { TABLES, tablesReadme, writeTables } from "./tables.ts";
import { snippet } from "./readme.ts";

/** Four Parquet files. */
export const parquet: Format = {
  title: "Parquet tables",
  description:
    "interactions, users, items and negatives as Parquet with original ids, several values as lists.",
  tools: ["pandas", "DuckDB", "Polars", "Spark", "HuggingFace", "Datasets"],
  compressions: ["zstd", "snappy", "lz4", "gzip", "none"],
  write: (job) => writeTables(job, { extension: "parquet", encoding: "parquet" }),
  readme: (job) =>
    [
      tablesReadme(job, {
        ending: "parquet",
        several: "a list",
        tables: TABLES, // even without rows, a Parquet file has its columns
        load: {
          pandas: (table, file) => `${table} = pd.read_parquet("${file}")`,
          duckdb: (table, file) => `CREATE VIEW ${table} AS FROM '${file}';`,
          // There may be very many interactions.
          polars: (table, file) =>
            `${table} = pl.${table === "interactions" ? "scan" : "read"}_parquet("${file}")`,
        },
      }),
      snippet(
        "Hugging Face Datasets, a table at a time (its `train` is the whole table)",
        "python",
        `
from datasets import load_dataset
interactions = load_dataset("parquet", data_files="interactions.parquet", split="train")
train = interactions.filter(lambda row: row["split"] == "train")`,
      ),
    ].join("\n\n"),
};
