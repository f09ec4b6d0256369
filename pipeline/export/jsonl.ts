/**
 * JSON lines: one object a line, lists as arrays.
 *
 * @module
 */
import type { Format } from "./format.ts";
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
    return tablesReadme(job, {
      ending,
      several: "an array",
      load: {
        pandas: `
import pandas as pd
interactions = pd.read_json("interactions.${ending}", lines=True, dtype={"user": str, "item": str}, convert_dates=False)
items = pd.read_json("items.${ending}", lines=True, dtype={"item": str})`,
        duckdb: `
CREATE TABLE interactions AS FROM read_json('interactions.${ending}');
CREATE TABLE items AS FROM read_json('items.${ending}');
SELECT split, count(*) FROM interactions GROUP BY split;`,
        polars: `
import polars as pl
interactions = pl.read_ndjson("interactions.${ending}")
items = pl.read_ndjson("items.${ending}")`,
      },
    });
  },
};
