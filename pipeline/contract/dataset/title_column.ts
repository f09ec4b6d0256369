/**
 * Finds the column of a table of items with the titles that people know them by.
 *
 * @module
 */
import type { FeatureInfo } from "./manifest.ts";

/** Columns of the table of items that the pipeline adds, besides encoded features. */
const OWN = ["item", "id", "interactions", "popularity"];
/** Complete names of a column of titles, in the order of preference. */
const WHOLE = [/^title$/i, /^name$/i];
/** Parts of such names, which a column that groups items, such as `brand_name`, may contain too. */
const PARTS = [/title/i, /name/i];

const firstOf = (patterns: readonly RegExp[], columns: readonly string[]): string | undefined =>
  patterns.flatMap((pattern) => columns.filter((name) => pattern.test(name)))[0];

/** Whether a column has a name like that of a column of titles. */
export const soundsLikeTitle = (column: string): boolean => PARTS.some((part) => part.test(column));

/**
 * Returns the column of items that is called `title`, or else `name`: it names items even if many share a name, as the sizes of a shirt
 * do.
 */
export const calledTitle = (columns: readonly string[]): string | undefined => firstOf(WHOLE, columns);

/**
 * Returns the column of a table of items that is called `title` or `name`, or else one with a name like
 * `article_name`; undefined if there is none.
 *
 * @param features Features of the items. A column that groups items does not name them, unless it is called `title` or `name`.
 */
export function titleAmong(
  columns: readonly string[],
  features: readonly Pick<FeatureInfo, "name" | "column">[],
): string | undefined {
  const isFeature = (name: string) =>
    features.some((feature) => feature.name === name || feature.column === name);
  return calledTitle(columns) ??
    firstOf(PARTS, columns.filter((name) => !OWN.includes(name) && !isFeature(name)));
}
