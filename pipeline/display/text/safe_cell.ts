/**
 * Text for the cells of a file that a spreadsheet may open. A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for
 * a formula, and a formula can call programs and addresses: ids and titles come from others. An apostrophe in front makes it
 * text (OWASP, CSV injection).
 *
 * Every format keeps its cells as they are unless this is asked for: an id with an apostrophe is another id.
 *
 * @module
 */
import type { Expr } from "nodejs-polars";

/**
 * How such a cell begins, as a regular expression for Polars and JavaScript alike: with one of the four, plain or full-width,
 * with a tab, a line end or NUL, which spreadsheets pass over, or with spaces before these.
 *
 * Apostrophes in front are passed over: where `=a` becomes `'=a`, an id that is `'=a` already must become another one. So
 * two different texts stay different, and without their first apostrophe the changed ones are what they were.
 */
const FORMULA = "^'* *[=+@＝＋－＠\\x00\\t\\n\\r-]";

const beginsFormula = new RegExp(FORMULA);

/**
 * The text with an apostrophe in front if a spreadsheet would take it for a formula. To be applied once.
 *
 * @example
 * ```ts
 * import { safeCell } from "./safe_cell.ts";
 * import assert from "node:assert/strict";
 * assert.deepEqual(["=1+1", "'=1+1", "a=b", "007"].map(safeCell), ["'=1+1", "''=1+1", "a=b", "007"]);
 * ```
 */
export const safeCell = (text: string): string => beginsFormula.test(text) ? `'${text}` : text;

/** The same for a column of text, as in `frame.withColumns(safeCells(pl.col("item")))`. */
export const safeCells = (text: Expr): Expr => text.str.replace(FORMULA, "'$0");

/** What a CSV begins with for a spreadsheet: without it text is taken to be in the system's own encoding. */
export const BYTE_ORDER_MARK = "\ufeff";
