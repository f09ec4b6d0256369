/**
 * Text of files in messages: as much of it as a line can take.
 *
 * @module
 */

/** The text, its end left out where it is long. */
export const shorten = (text: string, max = 80): string =>
  text.length > max ? text.slice(0, max - 1) + "…" : text;

/** So many names in one message. */
const MOST = 30;

/** Names in quotes with commas between; of many, the first ones. */
export function quoteAll(names: readonly string[]): string {
  const quoted = names.slice(0, MOST).map((name) => JSON.stringify(shorten(name)));
  return quoted.join(", ") + (names.length > MOST ? ` … (${names.length} in all)` : "");
}
