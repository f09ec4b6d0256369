/**
 * Words that probably mean no value. Only the data's owner knows.
 *
 * @module
 */
import type { Series } from "nodejs-polars";

/** What programs write in place of a missing value; a pattern for Polars. */
export const NOTHING = "^(?i)(na|n/a|<na>|nan|null|\\(null\\)|none|nil|undefined|\\\\n)$";

/** Returns the different texts that look like no value, in code point order. */
export const wordsForNothing = (texts: Series): string[] =>
  texts.filter(texts.str.contains(NOTHING)).unique().sort().toArray() as string[];

/** Formats the option that names such words, as on a command line. */
export const nullValuesOption = (words: readonly string[]): string => `--null-values '${words.join(",")}'`;

/** Advice for values of an item table that do not suit a feature. */
export function withoutValue(texts: Series): string {
  const words = wordsForNothing(texts);
  return words.length === 0
    ? "leave these empty in the item table"
    : `if ${words.map((word) => JSON.stringify(word)).join(", ")} means no value, give ${
      nullValuesOption(words)
    }`;
}
