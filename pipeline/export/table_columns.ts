/**
 * What the columns of the four tables hold, as other programs are told: what they find out by themselves from the first rows may be
 * wrong (`007` becomes 7, a number with decimals comes too late).
 *
 * @module
 */
import { sideColumns } from "./side.ts";
import type { ExportJob } from "./format.ts";

/** The four tables. */
export const TABLES = ["interactions", "users", "items", "negatives"] as const;

/** One of {@link TABLES}. */
export type ExportedTable = typeof TABLES[number];

/** What a column holds: `texts` are several in a list, or in one field. */
export type ColumnKind = "text" | "whole" | "number" | "texts";

/** A column by its name. */
export interface TableColumn {
  name: string;
  kind: ColumnKind;
}

/** The columns of a table, in its order. */
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

/** The tables that have rows: negatives may have none, and some programs read no file without any. */
export const tablesWithRows = ({ dataset }: ExportJob): ExportedTable[] =>
  TABLES.filter((table) => table !== "negatives" || dataset.manifest.tables.negatives.rows > 0);

/** A text in Python. */
export const python = (text: string): string => JSON.stringify(text);

/** A text in SQL. */
export const sql = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** `{"a": x, "b": y}` or `{'a': x}`, of columns and what is said of each; columns of which nothing is said are left out. */
export function mapping(
  columns: readonly TableColumn[],
  quote: (name: string) => string,
  say: (column: TableColumn) => string | undefined,
): string {
  const entries = columns.map((column) => [quote(column.name), say(column)] as const);
  return `{${entries.filter(([, said]) => said).map(([name, said]) => `${name}: ${said}`).join(", ")}}`;
}
