/**
 * Flaws of rows that a file's format does not allow. Readers mark such rows; the schema stage decides what becomes of them.
 *
 * @module
 */

/** Columns of a reader's frame (Bool), in the order in which they are checked; each is present only if some row has the flaw. */
export const ROW_FLAWS = ["unparsed", "misquoted", "ragged"] as const;

/**
 * One of {@link ROW_FLAWS}: `unparsed` if a line is not a JSON object, and so has no fields; `misquoted` if text follows a closing quote;
 * `ragged` if there are too many fields.
 */
export type RowFlaw = typeof ROW_FLAWS[number];

/** The flaw of a line without fields. */
export const UNPARSED = "unparsed" satisfies RowFlaw;

/**
 * Returns how to repair a row with text after a closing quote.
 *
 * @param row The text of the row.
 */
export const requoted = (row: string): string =>
  row.includes('\\"')
    ? String.raw`its quotes have backslashes before them: double them instead, as sed 's/\\"/""/g' does`
    : "put the field in quotes and double those inside it";

/** Additional advice for files with tabs, where quotes are usually part of the text. */
export const UNQUOTED = "say quotes: false if quotes are text in this file";

/** Returns what a line that is not a JSON object seems to be, and how to repair it; undefined if that cannot be said. */
export function otherThanJson(line: string): string | undefined {
  if (/^\s*\{\s*(u?'|u")/.test(line)) {
    return "it looks like Python, not JSON: names and texts need double quotes";
  }
  return line.trim() === "{"
    ? "it begins one that goes over several lines; write each on one line, as jq -c does"
    : undefined;
}

/** Returns the flaws among columns. */
export const flawsAmong = (columns: readonly string[]): RowFlaw[] =>
  ROW_FLAWS.filter((flaw) => columns.includes(flaw));
