/**
 * Which column of a table of items is what people know them by.
 *
 * @module
 */
import type { FeatureInfo } from "./manifest.ts";

/** Columns of the items' table that are ours, beside encoded features. */
const OWN = ["item", "id", "interactions", "popularity"];
/** What columns of titles are called, in the order of preference; whole words, and parts of words. */
const NAMES = [/^title$/i, /^name$/i, /title/i, /name/i];

/**
 * Of the columns of a table of items, the one with a name like `title` or `article_name`; undefined if there is none.
 *
 * @param features What groups items does not name them.
 */
export function titleAmong(
  columns: readonly string[],
  features: readonly Pick<FeatureInfo, "name" | "column">[],
): string | undefined {
  const others = columns.filter((name) =>
    !OWN.includes(name) && !features.some((feature) => feature.name === name || feature.column === name)
  );
  return NAMES.flatMap((pattern) => others.filter((name) => pattern.test(name)))[0];
}
