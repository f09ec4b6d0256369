/**
 * What rows of a file may have that its format does not allow. Readers mark such rows; the schema stage says what becomes of them.
 *
 * @module
 */

/** Columns of a reader's frame (Bool), in the order in which a row is judged; each is there only where some row has the flaw. */
export const ROW_FLAWS = ["misquoted", "ragged"] as const;

/** One of {@link ROW_FLAWS}: `misquoted`, text stands behind a closing quote; `ragged`, there are too many fields. */
export type RowFlaw = typeof ROW_FLAWS[number];

/**
 * How to mend a row with text behind a closing quote.
 *
 * @param row Its text.
 */
export const requoted = (row: string): string =>
  row.includes('\\"')
    ? String.raw`its quotes have backslashes before them: double them instead, as sed 's/\\"/""/g' does`
    : "put the field in quotes and double those inside it";

/** What else helps in files with tabs, whose quotes are text more often than not. */
export const UNQUOTED = "say --no-quotes if quotes are text in this file";

/** The flaws among columns. */
export const flawsAmong = (columns: readonly string[]): RowFlaw[] =>
  ROW_FLAWS.filter((flaw) => columns.includes(flaw));
