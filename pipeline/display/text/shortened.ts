/**
 * Shortening long texts that appear together with others.
 *
 * @module
 */

import { displayWidth } from "./display_width.ts";

/** Columns shown of a longer text. */
const LONGEST = 80;
const segmenter = new Intl.Segmenter();

/**
 * Returns a text, or the beginning and an ellipsis if it is so long that it would push others out of sight.
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
  // Half of a perceived letter would not be recognizable.
  for (const { segment } of segmenter.segment(text)) {
    width += displayWidth(segment);
    if (width >= LONGEST) break;
    begin += segment;
  }
  return `${begin}…`;
}
