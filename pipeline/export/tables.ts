/**
 * Exports the dataset as four plain tables with original ids: the common part of `csv`, `jsonl` and `parquet`.
 *
 * @module
 */
import pl, { type DataFrame } from "nodejs-polars";
import type { ExportJob } from "./format.ts";
import { interactionChunks, withIds } from "./interactions.ts";
import { negativeChunks } from "./negatives.ts";
import type { Encoding } from "./table_file.ts";
import { fileTable, snippet } from "./readme.ts";
import { sideTable } from "./side.ts";
import { type ExportedTable, tablesWithRows } from "./table_columns.ts";

/** How a format writes the four tables. */
export interface TableStyle {
  /** File extension, without the dot and what compression adds. */
  extension: string;
  encoding: Encoding;
  /** The separator between values in one field; left out if fields can hold lists and numbers. */
  separator?: string;
}

/** Writes `interactions`, `users`, `items` and `negatives`. */
export async function writeTables(
  job: ExportJob,
  { extension, encoding, separator }: TableStyle,
): Promise<void> {
  const { dataset, output } = job;
  const typed = separator === undefined;
  const path = `interactions.${extension}`;
  if (encoding === "parquet") {
    const { interactions } = dataset.manifest.counts;
    const query = withIds(dataset, dataset.scan("interactions")).select(...columns(job));
    await job.whole(LABEL, interactions, () => output.parquet(path, query, interactions));
  } else {
    await output.table(path, encoding, interactionFrames(job));
  }
  for (const name of ["users", "items"] as const) {
    await output.table(`${name}.${extension}`, encoding, sideTable(dataset, name, typed));
  }
  await output.table(
    `negatives.${extension}`,
    encoding,
    typed ? negativeChunks(job) : joined(job, separator),
  );
}

const LABEL = "writing interactions";

const columns = ({ dataset }: ExportJob) => [
  pl.col("user_id").alias("user"),
  pl.col("item_id").alias("item"),
  ...(dataset.manifest.hasRating ? [pl.col("rating")] : []),
  pl.col("timestamp"),
  pl.col("split"),
];

async function* interactionFrames(job: ExportJob): AsyncGenerator<DataFrame> {
  for await (const { frame } of interactionChunks(job, LABEL)) yield frame.select(...columns(job));
}

async function* joined(job: ExportJob, separator: string): AsyncGenerator<DataFrame> {
  for await (const frame of negativeChunks(job)) {
    yield frame.withColumns(pl.col("negatives").lst.join(separator).alias("negatives"));
  }
}

/** What differs in the README of the four tables. */
export interface TablesReadme {
  /** The whole file extension, as in `csv.gz`. */
  ending: string;
  /** How a field holds several values, as in `a list`. */
  several: string;
  /** The tables to load. Default: those that have rows. */
  tables?: readonly ExportedTable[];
  /** Returns the code that loads a table from its file, without the line that imports the library. */
  load: Record<"pandas" | "duckdb" | "polars", (table: ExportedTable, file: string) => string>;
}

/** Returns the README of the four tables, with three ways to load them. */
export function tablesReadme(
  job: ExportJob,
  { ending, several, tables = tablesWithRows(job), load }: TablesReadme,
): string {
  const rating = job.dataset.manifest.hasRating ? "`rating`, " : "";
  const lines = (library: keyof typeof load) =>
    tables.map((table) => load[library](table, `${table}.${ending}`)).join("\n");
  return [
    fileTable([
      [
        `interactions.${ending}`,
        `\`user\`, \`item\`, ${rating}\`timestamp\`, \`split\`; by user, oldest first`,
      ],
      [`users.${ending}`, "`user`, its number of `interactions`, and what the source said of it"],
      [
        `items.${ending}`,
        "`item`, its number of `interactions`, its `popularity` (interactions that are not the first of a user), and " +
        "what the source said of it",
      ],
      [
        `negatives.${ending}`,
        "`protocol`, `split`, `user`, `target` (the true next item) and the `negatives` to rank it among, " +
        several,
      ],
    ]),
    snippet("pandas", "python", `import pandas as pd\n${lines("pandas")}`),
    snippet("DuckDB", "sql", `${lines("duckdb")}\nSELECT split, count(*) FROM interactions GROUP BY split;`),
    snippet("Polars", "python", `import polars as pl\n${lines("polars")}`),
  ].join("\n\n");
}
