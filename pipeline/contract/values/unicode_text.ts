/**
 * Reads small texts that people write: in UTF-8, as most programs save them, or in what Windows editors and spreadsheets call "Unicode".
 *
 * @module
 */

/** Encodings of Unicode. */
export type Unicode = "utf-8" | "utf-16le" | "utf-16be";

/** Byte-order marks. */
const MARKS: readonly (readonly [Unicode, readonly number[]])[] = [
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
  ["utf-8", [0xef, 0xbb, 0xbf]],
];

/** Returns the encoding that a text's byte-order mark indicates; undefined if there is none. */
export const markedUnicode = (head: Uint8Array): Unicode | undefined =>
  MARKS.find(([, mark]) => mark.every((byte, i) => head[i] === byte))?.[0];

/** Advice for a text that is neither. */
export const NOT_UNICODE =
  "it is not UTF-8 text; save it as that, or turn it into that, as iconv -f gbk -t utf-8 does of GBK";

/**
 * Decodes UTF-8, or UTF-16 with a byte-order mark, to text without the mark.
 *
 * @returns The text, or undefined if it is neither.
 * @example
 * ```ts
 * import { unicodeText } from "./unicode_text.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(unicodeText(new Uint8Array([0xff, 0xfe, 0x2d, 0x4e])), "中");
 * assert.equal(unicodeText(new Uint8Array([0xd6, 0xd0])), undefined);
 * ```
 */
export function unicodeText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(markedUnicode(bytes) ?? "utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
