/**
 * Text from data, made safe to display. Ids, titles and names of files may contain characters that control a terminal (ESC,
 * BEL), change the direction of the text around them, or are invisible. A reader should see that they are there, and
 * they should have no effect.
 *
 * This applies only to displayed text: data, messages of errors, JSON and exports keep every character.
 *
 * @module
 */

/**
 * Characters shown by their codes:
 *
 * - C0 and C1 control characters, line and paragraph separators;
 * - marks, embeddings, overrides and isolates of the bidirectional algorithm;
 * - characters without width: zero-width space, word joiner and its kin, byte order mark, interlinear annotation, tags (the flags
 *   of England, Scotland and Wales are a black flag with tags; hidden text is made of the same);
 * - halves of surrogate pairs.
 *
 * Zero-width joiner and non-joiner (U+200D, U+200C) stay: Persian, Indic scripts and emoji are written with them.
 */
const UNSEEN =
  /[\p{Cc}\p{Cs}\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

const SHORT: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * Prepares a value for one cell or one line: control, bidirectional and invisible characters appear as their escapes, everything else
 * stays as it is. A backslash stays one, so the result is for reading and cannot be turned back.
 *
 * @example
 * ```ts
 * import { visible } from "./visible.ts";
 * import assert from "node:assert/strict";
 * assert.equal(visible("a\x1b[31mred\u202eevil\x07"), "a\\x1b[31mred\\u{202e}evil\\x07");
 * assert.equal(visible("two\nlines, é 電影 🎬"), "two\\nlines, é 電影 🎬");
 * ```
 */
export function visible(text: string): string {
  return text.replace(UNSEEN, (char) => SHORT[char] ?? escaped(char.codePointAt(0)!));
}

/** The same for a text of several lines: its line ends (`\n`) stay. */
export function visibleLines(text: string): string {
  return text.replace(UNSEEN, (char) => char === "\n" ? char : visible(char));
}

/** `\x1b`, `\u{202e}` */
const escaped = (code: number) =>
  code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
