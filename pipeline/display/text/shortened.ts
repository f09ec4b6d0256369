/**
 * Long texts where many of them stand together.
 *
 * @module
 */

/** Characters of a longer text that are shown. */
const LONGEST = 80;

/**
 * A text, and of one that would push others out of sight the beginning, with an ellipsis.
 *
 * @example
 * ```ts
 * import { shortened } from "./shortened.ts";
 * import assert from "node:assert/strict";
 * assert.equal(shortened("teapot"), "teapot");
 * assert.equal(shortened("teapot ".repeat(20)), `${"teapot ".repeat(11)}te…`);
 * ```
 */
export function shortened(text: string): string {
  if (text.length <= LONGEST) return text;
  // Half a character would not be seen as what it was.
  return `${text.slice(0, LONGEST - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}
