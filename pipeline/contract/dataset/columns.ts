/**
 * What became of the columns of a source: which was taken for what, which is the title, which are features, and which were left out.
 *
 * @module
 */
import { formatCell } from "../../display/table.ts";

/** Which columns of a source were taken, and which were not. Part of {@link ColumnFacts}. */
export interface ColumnUse {
  /** By what a column is here, what the source calls it: `{ user: "customer_ref", item: "article_no" }`. */
  taken: Record<string, string>;
  /** Columns that were left out, in the order of the source. */
  unused: string[];
}

/** What the columns of a table of items or users are good for, by their names here. Part of {@link ColumnFacts}. */
export interface SideColumns {
  /** Of items: what people know them by; left out where there is no such column. */
  title?: string;
  /** Of items: read by models, as numbers. */
  features: string[];
  /** Kept beside; no model reads them. */
  kept: string[];
}

/** What stages say of columns, in a {@link StageReport}. */
export interface ColumnFacts {
  /**
   * Of stage `read`: the columns of the interactions, and of the tables of items and users. There, a column that keeps its
   * name is not listed.
   */
  columns?: { interactions?: ColumnUse; items?: ColumnUse; users?: ColumnUse };
  /** Of stage `vocabulary`: what the columns of the tables of items and users are good for. Earlier versions did not record it. */
  tables?: { items?: SideColumns; users?: SideColumns };
}

/** As in `user = customer_ref, item, timestamp; not used: qty`: two names where they differ. */
export const columnWords = ({ taken, unused }: ColumnUse): string =>
  joined([
    Object.entries(taken).map(([role, name]) => called(role, { [role]: name })).join(", "),
    left(unused),
  ]);

/** As in `id = article_no; title = article_name; features: product_group, maker; not used by models: description`. */
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

/** Of the stages of a preparation, a row for each table: what its columns are here. Empty where that was not kept. */
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

/** So many names of columns are listed; a table may have thousands. */
const LISTED = 12;

const listed = (names: readonly string[]): string =>
  names.length <= LISTED
    ? names.join(", ")
    : `${names.slice(0, LISTED).join(", ")} and ${formatCell(names.length - LISTED)} more`;
