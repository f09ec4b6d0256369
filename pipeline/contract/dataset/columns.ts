/**
 * What became of the columns of a source: the role of each, which is the title, which are features, and which were left out.
 *
 * @module
 */
import { formatCell } from "../../display/table.ts";

/** Type of a column in the header of one of RecBole's atomic files, as in `genres:token_seq`. Part of {@link ColumnUse}. */
export interface ColumnType {
  /** RecBole's name of the type: one category, several, a number, or a vector of numbers. */
  type: "token" | "token_seq" | "float" | "float_seq";
  /** For sequences: the separator between the values of a field here; a space in titles, which stay text. */
  separator?: string;
}

/** Whether a column is a sequence of words that stays text, as titles do. */
export const isWords = ({ type, separator }: ColumnType): boolean =>
  type === "token_seq" && separator === " ";

/** Which columns of a source are used, and which are not. Part of {@link ColumnFacts}. */
export interface ColumnUse {
  /** Columns that are used: their names here, with their names in the source: `{ user: "customer_ref", item: "article_no" }`. */
  taken: Record<string, string>;
  /** Columns that were left out, in the order of the source. */
  unused: string[];
  /** Types of the columns of a table of items or users, by their names here; omitted if its header gives none. */
  types?: Record<string, ColumnType>;
}

/** What the columns of a table of items or users are used for, by their names here. Part of {@link ColumnFacts}. */
export interface SideColumns {
  /** For items: the column with the titles that people know them by; omitted if there is none. */
  title?: string;
  /** For items: the columns that models read, as numbers. */
  features: string[];
  /** Columns that are kept but not read by models. */
  kept: string[];
}

/** What stages report about columns, in a {@link StageReport}. */
export interface ColumnFacts {
  /**
   * From stage `read`: the columns of the interactions, and of the tables of items and users. In these tables, a column that keeps its
   * name is not listed.
   */
  columns?: { interactions?: ColumnUse; items?: ColumnUse; users?: ColumnUse };
  /** From stage `vocabulary`: what the columns of the tables of items and users are used for. */
  tables?: { items?: SideColumns; users?: SideColumns };
}

/** Formats as in `user = customer_ref, item, timestamp; not used: qty`: with two names where they differ. */
export const columnWords = ({ taken, unused }: ColumnUse): string =>
  joined([
    Object.entries(taken).map(([role, name]) => called(role, { [role]: name })).join(", "),
    left(unused),
  ]);

/** Formats as in `id = article_no; title = article_name; features: product_group, maker; not read by models: description`. */
function sideWords(
  of: "items" | "users",
  { title, features, kept }: SideColumns,
  { taken, unused }: ColumnUse,
): string {
  const names = (columns: readonly string[]) => listed(columns.map((column) => called(column, taken)));
  return joined([
    called("id", taken),
    title === undefined ? "" : called("title", { title: taken[title] ?? title }),
    features.length > 0 ? `features: ${names(features)}` : "",
    kept.length > 0
      ? `${
        of === "users" ? "for groups of users in the report, not read by models" : "not read by models"
      }: ${names(kept)}`
      : "",
    left(unused),
  ]);
}

/** Returns a row for each table of a preparation, with the meaning of its columns; no rows if that was not recorded. */
export function columnRows(stages: readonly ColumnFacts[]): [label: string, words: string][] {
  const columns = stages.find(({ columns }) => columns)?.columns ?? {};
  const tables = stages.find(({ tables }) => tables)?.tables ?? {};
  const sides = (["items", "users"] as const).map((of): [string, string] => {
    const use = columns[of] ?? { taken: {}, unused: [] }, side = tables[of];
    return [`columns of ${of}`, side ? sideWords(of, side, use) : columnWords(use)];
  });
  return [
    ["columns", columns.interactions ? columnWords(columns.interactions) : ""] as [string, string],
    ...sides,
  ]
    .filter(([, words]) => words !== "");
}

const called = (here: string, taken: Record<string, string>) =>
  taken[here] === undefined || taken[here] === here ? here : `${here} = ${taken[here]}`;

const left = (unused: readonly string[]) => unused.length > 0 ? `not used: ${listed(unused)}` : "";

const joined = (parts: readonly string[]) => parts.filter(Boolean).join("; ");

/** Maximum number of column names that are listed; a table may have thousands. */
const LISTED = 12;

const listed = (names: readonly string[]): string =>
  names.length <= LISTED
    ? names.join(", ")
    : `${names.slice(0, LISTED).join(", ")} and ${formatCell(names.length - LISTED)} more`;
