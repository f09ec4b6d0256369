/**
 * Text for the cells of a file that a spreadsheet may open. A spreadsheet treats a cell that begins with `=`, `+`, `-` or `@` as
 * a formula, which can call programs and addresses, and ids and titles come from others. A leading apostrophe makes it
 * text (OWASP, CSV injection).
 *
 * Formats do not change their cells unless this is requested: an id with an apostrophe is a different id.
 *
 * @module
 */
import type { Expr } from "nodejs-polars";

/**
 * How such a cell begins, as a regular expression for Polars and JavaScript alike: with one of the four, plain or full-width,
 * with a tab, a line end or NUL, which spreadsheets ignore, or with spaces before these.
 *
 * Leading apostrophes are skipped: because `=a` becomes `'=a`, an id that is already `'=a` must change as well. So
 * two different texts stay different, and removing the first apostrophe restores a changed text.
 */
const FORMULA = "^'* *[=+@＝＋－＠\\x00\\t\\n\\r-]";

const beginsFormula = new RegExp(FORMULA);

/**
 * Puts an apostrophe before the text if a spreadsheet would treat it as a formula. Apply it only once.
 *
 * @example
 * ```ts
 * import { safeCell } from "./safe_cell.ts";
 * import assert from "node:assert/strict";
 * assert.deepEqual(["=1+1", "'=1+1", "a=b", "007"].map(safeCell), ["'=1+1", "''=1+1", "a=b", "007"]);
 * ```
 */
export const safeCell = (text: string): string => beginsFormula.test(text) ? `'${text}` : text;

/** Does the same for a column of text, as in `frame.withColumns(safeCells(pl.col("item")))`. */
export const safeCells = (text: Expr): Expr => text.str.replace(FORMULA, "'$0");

/** The beginning of a CSV for a spreadsheet, which would otherwise assume the system's own encoding. */
export const BYTE_ORDER_MARK = "\ufeff";
