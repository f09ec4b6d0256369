/**
 * Guesses the encoding of a text that is not UTF-8, for messages: a person decides, never a program.
 *
 * @module
 */
import type { TextEncoding } from "./types.ts";

/** An encoding that a text may have, and how the text begins in that encoding. */
export interface LikelyEncoding {
  encoding: TextEncoding;
  /** The first words that are not ASCII, with some context. */
  reads: string;
}

/** Byte ranges of the common two-byte characters in an encoding: the first byte, and the minimum of the second byte. */
interface Pairs {
  leads: readonly (readonly [number, number])[];
  least: number;
}

/** Encodings with two-byte characters. Each contains many rarely used characters, which distinguishes the encodings. */
const PAIRS: readonly (readonly [TextEncoding, Pairs])[] = [
  ["euc-kr", { leads: [[0xa1, 0xa3], [0xb0, 0xc8]], least: 0xa1 }], // Hangul
  ["gbk", { leads: [[0xa1, 0xa3], [0xb0, 0xd7]], least: 0xa1 }], // the more frequent half of GB 2312
  ["shift_jis", { leads: [[0x81, 0x84], [0x88, 0x97]], least: 0x40 }], // kana, and the more frequent kanji
  ["euc-jp", { leads: [[0xa1, 0xa5], [0xb0, 0xcf]], least: 0xa1 }],
  ["big5", { leads: [[0xa1, 0xa3], [0xa4, 0xc6]], least: 0x40 }],
];

/** Encodings with one-byte characters, and the script of their letters. Western ones first. */
const SINGLES: readonly (readonly [TextEncoding, RegExp])[] = [
  ["windows-1252", /\p{Script=Latin}/u],
  ["windows-1250", /\p{Script=Latin}/u],
  ["windows-1254", /\p{Script=Latin}/u],
  ["windows-1257", /\p{Script=Latin}/u],
  ["windows-1251", /\p{Script=Cyrillic}/u],
  ["koi8-r", /\p{Script=Cyrillic}/u],
  ["windows-1253", /\p{Script=Greek}/u],
  ["windows-1256", /\p{Script=Arabic}/u],
  ["windows-1255", /\p{Script=Hebrew}/u],
  ["windows-874", /\p{Script=Thai}/u],
];

/**
 * Minimum share of common characters among the non-ASCII ones for an encoding to be likely, and the maximum distance from the best
 * share.
 */
const LEAST = 0.8, BEHIND = 0.1;
/** Maximum number of encodings named. */
const MOST = 3;

/**
 * Returns the encodings in which a text looks like words, the likeliest first.
 *
 * @param bytes Lines of the text, the first of which is not UTF-8; the last may be cut off.
 * @example
 * ```ts
 * import { likelyEncodings } from "./likely_encodings.ts";
 * import assert from "node:assert/strict";
 *
 * const bytes = new Uint8Array([0xd3, 0xc3, 0xbb, 0xa7, 0x2c, 0xc9, 0xcc, 0xc6, 0xb7]);
 * assert.deepEqual(likelyEncodings(bytes)[0], { encoding: "gbk", reads: "用户,商品" });
 * ```
 */
export function likelyEncodings(bytes: Uint8Array): LikelyEncoding[] {
  const shares = [
    ...PAIRS.map(([encoding, pairs]) => ({ encoding, share: pairShare(bytes, pairs) })),
    ...SINGLES.map(([encoding, script]) => ({ encoding, share: letterShare(bytes, encoding, script) })),
  ].sort((a, b) => b.share - a.share);
  const least = Math.max(LEAST, shares[0].share - BEHIND);
  const found: LikelyEncoding[] = [];
  for (const { encoding, share } of shares) {
    if (share < least) break;
    const reads = excerptOf(decoded(bytes, encoding));
    // If two encodings give the same text, one of them is enough.
    if (reads !== undefined && !found.some((other) => other.reads === reads)) found.push({ encoding, reads });
  }
  return found.slice(0, MOST);
}

/** Decodes the text; undefined if some of its bytes are not valid in the encoding. */
function decoded(bytes: Uint8Array, encoding: TextEncoding): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return undefined;
  }
}

/** Returns the share of common characters among the non-ASCII ones. */
function pairShare(bytes: Uint8Array, { leads, least }: Pairs): number {
  let usual = 0, all = 0;
  for (let at = 0; at < bytes.length - 1; at++) {
    const byte = bytes[at];
    if (byte < 0x80) continue;
    all++;
    if (leads.some(([from, to]) => byte >= from && byte <= to) && bytes[at + 1] >= least) usual++;
    at++;
  }
  return all === 0 ? 0 : usual / all;
}

/** Returns the share of the non-ASCII characters that form plausible words. */
function letterShare(bytes: Uint8Array, encoding: TextEncoding, script: RegExp): number {
  const text = decoded(bytes, encoding);
  if (text === undefined) return 0;
  let usual = 0;
  for (const [word] of text.matchAll(/[\p{L}\p{M}]+/gu)) usual += foreignIn(word) * likenessOf(word, script);
  const all = foreignIn(text.replaceAll(/[\u2010-\u2026\u00a0«»€]/g, "")); // these occur between words of any language
  return all === 0 ? 0 : usual / all;
}

/**
 * Rates from 0 to 1 how plausible a word with non-ASCII letters is in a script: accented letters occur among plain ones, other
 * scripts occur by themselves.
 */
function likenessOf(word: string, script: RegExp): number {
  const letters = Array.from(word), plain = letters.length - foreignIn(word);
  const isOfScript = letters.every((letter) => /\p{M}/u.test(letter) || script.test(letter)) &&
    (!script.test("a") || letters.length === 1 || plain * 4 >= letters.length);
  if (!isOfScript || /.\p{Lu}/u.test(word) && /\p{Ll}/u.test(word)) return 0;
  return /\p{Lu}{2}/u.test(word) ? 0.9 : 1; // words are rarely all in capitals
}

/** Counts the non-ASCII characters of a text. */
export const foreignIn = (text: string): number => text.match(/[^\0-\x7f]/gu)?.length ?? 0;

/** Number of characters shown, and how many of them come before the first that is not ASCII. */
const SHOWN = 40, BEFORE = 12;

/** Returns the part of a text that is shown. */
function excerptOf(text: string | undefined): string | undefined {
  const line = (text ?? "").split(/\r?\n|\r/).find((line) => foreignIn(line) > 0);
  if (line === undefined) return undefined;
  const letters = Array.from(line), first = letters.findIndex((letter) => letter > "\x7f");
  const start = Math.max(0, first - BEFORE), end = start + SHOWN;
  return (start > 0 ? "…" : "") + letters.slice(start, end).join("") + (end < letters.length ? "…" : "");
}
