/**
 * Which column of a table of items is what people know them by.
 *
 * @module
 */
import type { FeatureInfo } from "./manifest.ts";

/** Columns of the items' table that are ours, beside encoded features. */
const OWN = ["item", "id", "interactions", "popularity"];
/** What a column of titles is called where it is called so and nothing else, in the order of preference. */
const WHOLE = [/^title$/i, /^name$/i];
/** Parts of such words, which a column that groups items has, too, as `brand_name`. */
const PARTS = [/title/i, /name/i];

const firstOf = (patterns: readonly RegExp[], columns: readonly string[]): string | undefined =>
  patterns.flatMap((pattern) => columns.filter((name) => pattern.test(name)))[0];

/** Whether a column is called as those are that name things. */
export const soundsLikeTitle = (column: string): boolean => PARTS.some((part) => part.test(column));

/** Of the columns of a table of items, the one that is called `title`, or else `name`: it names items even if many share one, as the sizes of a shirt do. */
export const calledTitle = (columns: readonly string[]): string | undefined => firstOf(WHOLE, columns);

/**
 * Of the columns of a table of items, the one that is called `title` or `name`, or else one with a name like
 * `article_name`; undefined if there is none.
 *
 * @param features What groups items does not name them, unless it is called a title.
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
