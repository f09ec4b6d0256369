/**
 * Exports the dataset as four plain tables with original ids: the common part of `csv`, `jsonl` and `parquet`.
 *
 * @module
 */
import pl, { type DataFrame } from "nodejs-polars";
import { type ExportJob, interactionChunks, itemIds, withIds } from "./format.ts";
import type { Encoding } from "./output.ts";
import { fileTable, snippet } from "./readme.ts";
import { sideColumns, sideTable } from "./side.ts";

/** How a format writes the four tables. */
interface TableStyle {
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
interface TablesReadme {
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

/** The four tables. */
export const TABLES = ["interactions", "users", "items", "negatives"] as const;

/** One of {@link TABLES}. */
export type ExportedTable = typeof TABLES[number];

/** What a column contains: `texts` means several in a list, or in one field. */
export type ColumnKind = "text" | "whole" | "number" | "texts";

/** A column with its name. */
interface TableColumn {
  name: string;
  kind: ColumnKind;
}

/** Returns the columns of a table, in order. */
export function tableColumns({ dataset }: ExportJob, table: ExportedTable): TableColumn[] {
  const column = (name: string, kind: ColumnKind = "text"): TableColumn => ({ name, kind });
  switch (table) {
    case "interactions": {
      const rating = dataset.manifest.hasRating ? [column("rating", "number")] : [];
      return [
        column("user"),
        column("item"),
        ...rating,
        column("timestamp", "whole"),
        column("split"),
      ];
    }
    case "negatives":
      return [
        ...["protocol", "split", "user", "target"].map((name) => column(name)),
        column("negatives", "texts"),
      ];
    case "users":
    case "items": {
      const counts = table === "users" ? ["interactions"] : ["interactions", "popularity"];
      const side = sideColumns(dataset, table).map(({ name, kind }) => column(name, KINDS[kind]));
      return [column(table.slice(0, -1)), ...counts.map((name) => column(name, "whole")), ...side];
    }
  }
}

const KINDS = { token: "text", multi: "texts", number: "number" } as const;

/** Returns the tables that have rows: there may be no negatives, and some programs cannot read a file without rows. */
const tablesWithRows = ({ dataset }: ExportJob): ExportedTable[] =>
  TABLES.filter((table) => table !== "negatives" || dataset.manifest.tables.negatives.rows > 0);

/** Formats a text as a Python literal. */
export const python = (text: string): string => JSON.stringify(text);

/** Formats a text as a SQL literal. */
export const sql = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Formats columns and their values as `{"a": x, "b": y}` or `{'a': x}`, leaving out columns without a value. */
export function mapping(
  columns: readonly TableColumn[],
  quote: (name: string) => string,
  say: (column: TableColumn) => string | undefined,
): string {
  const entries = columns.map((column) => [quote(column.name), say(column)] as const);
  return `{${entries.filter(([, said]) => said).map(([name, said]) => `${name}: ${said}`).join(", ")}}`;
}

/** Number of ids in one chunk. */
const CHUNK_IDS = 2_000_000;

/**
 * Yields frames of `protocol`, `split`, `user`, `target` (original ids) and `negatives` (a list of original ids), in the dataset's
 * order.
 */
function negativeChunks(job: ExportJob): AsyncGenerator<DataFrame> {
  const { dataset } = job;
  const total = dataset.manifest.tables.negatives.rows;
  const rows = Math.ceil(CHUNK_IDS / Math.max(1, dataset.manifest.negatives.count));
  function* chunks(): Generator<[number, DataFrame]> {
    // At least one chunk, which defines the columns even without rows.
    for (let start = 0; start === 0 || start < total; start += rows) {
      const part = dataset.slice("negatives", start, rows).withRowIndex("place").collectSync();
      yield [part.height, named(part)];
    }
  }
  const named = (part: DataFrame) => {
    const lists = part.lazy().select("place", pl.col("negatives").alias("item")).explode("item")
      .join(itemIds(dataset), { on: "item", how: "left", maintainOrder: "left" })
      .groupBy("place", true).agg(pl.col("item_id").dropNulls().alias("negatives"));
    return withIds(
      dataset,
      part.lazy().select("place", "protocol", "split", "user", pl.col("target").alias("item")),
    )
      .join(lists, { on: "place", how: "left", maintainOrder: "left" })
      .select(
        "protocol",
        "split",
        pl.col("user_id").alias("user"),
        pl.col("item_id").alias("target"),
        "negatives",
      )
      .collectSync();
  };
  return job.watch("writing negatives", total, chunks());
}
