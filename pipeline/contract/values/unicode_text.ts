/**
 * Small texts that people write: as most programs keep them, in UTF-8, or as editors and spreadsheets of Windows call "Unicode".
 *
 * @module
 */

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
  const mark = bytes[0] << 8 | bytes[1];
  const encoding = mark === 0xfffe ? "utf-16le" : mark === 0xfeff ? "utf-16be" : "utf-8";
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
