/**
 * Shortens text from files to fit into a message.
 *
 * @module
 */

/** Returns the text, with its end cut off if it is long. */
export const shorten = (text: string, max = 80): string =>
  text.length > max ? text.slice(0, max - 1) + "…" : text;

/** Maximum number of names in one message. */
const MOST = 30;

/** Puts names in quotes and separates them by commas; of many names, lists only the first ones. */
export function quoteAll(names: readonly string[]): string {
  const quoted = names.slice(0, MOST).map((name) => JSON.stringify(shorten(name)));
  return quoted.join(", ") + (names.length > MOST ? ` … (${names.length} in all)` : "");
}
