/**
 * Contents of the columns of the four tables, as declared to other programs: what these infer from the first rows may be wrong
 * (`007` becomes 7, a number with decimals comes too late).
 *
 * @module
 */
import { sideColumns } from "./side.ts";
import type { ExportJob } from "./format.ts";

/** The four tables. */
export const TABLES = ["interactions", "users", "items", "negatives"] as const;

/** One of {@link TABLES}. */
export type ExportedTable = typeof TABLES[number];

/** What a column contains: `texts` means several in a list, or in one field. */
export type ColumnKind = "text" | "whole" | "number" | "texts";

/** A column with its name. */
export interface TableColumn {
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
export const tablesWithRows = ({ dataset }: ExportJob): ExportedTable[] =>
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
