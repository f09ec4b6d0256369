/**
 * Text of files in messages: as much of it as a line can take.
 *
 * @module
 */

/** The text, its end left out where it is long. */
export const shorten = (text: string, max = 80): string =>
  text.length > max ? text.slice(0, max - 1) + "…" : text;

/** Names in quotes with commas between; of many, the first ones. */
export function quoteAll(names: readonly string[], max = 30): string {
  const quoted = names.slice(0, max).map((name) => JSON.stringify(shorten(name)));
  return quoted.join(", ") + (names.length > max ? ` … (${names.length} in all)` : "");
}
