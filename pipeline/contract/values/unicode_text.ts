/**
 * Small texts that people write: as most programs keep them, in UTF-8, or as editors and spreadsheets of Windows call "Unicode".
 *
 * @module
 */

/** How Unicode may be written. */
export type Unicode = "utf-8" | "utf-16le" | "utf-16be";

/** Byte-order marks. */
const MARKS: readonly (readonly [Unicode, readonly number[]])[] = [
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
  ["utf-8", [0xef, 0xbb, 0xbf]],
];

/** What the byte-order mark says that a text begins with; undefined where there is none. */
export const markedUnicode = (head: Uint8Array): Unicode | undefined =>
  MARKS.find(([, mark]) => mark.every((byte, i) => head[i] === byte))?.[0];

/** What to do with a text that is neither. */
export const NOT_UNICODE =
  "it is not UTF-8 text; save it as that, or turn it into that, as iconv -f gbk -t utf-8 does of GBK";

/**
 * UTF-8, or UTF-16 with its byte-order mark, as text without the mark.
 *
 * @returns undefined where it is neither.
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
