/**
 * Long texts where many of them stand together.
 *
 * @module
 */

import { displayWidth } from "./display_width.ts";

/** Columns of a longer text that are shown. */
const LONGEST = 80;
const segmenter = new Intl.Segmenter();

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
  if (displayWidth(text) <= LONGEST) return text;
  let begin = "", width = 0;
  // Half of what is one letter to people would not be seen as what it was.
  for (const { segment } of segmenter.segment(text)) {
    width += displayWidth(segment);
    if (width >= LONGEST) break;
    begin += segment;
  }
  return `${begin}…`;
}
