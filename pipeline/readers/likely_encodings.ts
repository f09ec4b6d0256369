/**
 * Which encoding a text that is no UTF-8 may be in, for messages: guessed for a person to decide, never for a program.
 *
 * @module
 */
import type { TextEncoding } from "./types.ts";

/** An encoding that a text may be in, and what the text begins with then. */
export interface LikelyEncoding {
  encoding: TextEncoding;
  /** The first words that are not ASCII, and what is around them. */
  reads: string;
}

/** First bytes of the characters that texts are made of, of two bytes each; and the least second byte of them. */
interface Pairs {
  leads: readonly (readonly [number, number])[];
  least: number;
}

/** Encodings of characters of two bytes; each holds many that are hardly ever written, which tells them from one another. */
const PAIRS: readonly (readonly [TextEncoding, Pairs])[] = [
  ["euc-kr", { leads: [[0xa1, 0xa3], [0xb0, 0xc8]], least: 0xa1 }], // Hangul
  ["gbk", { leads: [[0xa1, 0xa3], [0xb0, 0xd7]], least: 0xa1 }], // the more frequent half of GB 2312
  ["shift_jis", { leads: [[0x81, 0x84], [0x88, 0x97]], least: 0x40 }], // kana, and the more frequent kanji
  ["euc-jp", { leads: [[0xa1, 0xa5], [0xb0, 0xcf]], least: 0xa1 }],
  ["big5", { leads: [[0xa1, 0xa3], [0xa4, 0xc6]], least: 0x40 }],
];

/** Encodings of characters of one byte, and the letters that they are there for. Those of the West first. */
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

/** Of what is no ASCII, the least share of usual characters with which an encoding is likely; and how far behind the best. */
const LEAST = 0.8, BEHIND = 0.1;
/** Encodings that are named at most. */
const MOST = 3;

/**
 * The encodings by which a text looks like words, the likeliest first.
 *
 * @param bytes Lines of it, of which the first is no UTF-8; the last may be cut.
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
    // One of two by which the text is the same is enough.
    if (reads !== undefined && !found.some((other) => other.reads === reads)) found.push({ encoding, reads });
  }
  return found.slice(0, MOST);
}

/** The text, unless bytes of it are none of the encoding's characters. */
function decoded(bytes: Uint8Array, encoding: TextEncoding): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return undefined;
  }
}

/** Of characters that are no ASCII, the share of usual ones. */
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

/** Of what is no ASCII, the share that words are made of. */
function letterShare(bytes: Uint8Array, encoding: TextEncoding, script: RegExp): number {
  const text = decoded(bytes, encoding);
  if (text === undefined) return 0;
  let usual = 0;
  for (const [word] of text.matchAll(/[\p{L}\p{M}]+/gu)) usual += foreignIn(word) * likenessOf(word, script);
  const all = foreignIn(text.replaceAll(/[\u2010-\u2026\u00a0«»€]/g, "")); // which stand between words of any language
  return all === 0 ? 0 : usual / all;
}

/** How much a word with letters that are no ASCII is like one of a script, from 0 to 1: accents stand among plain letters, other scripts by themselves. */
function likenessOf(word: string, script: RegExp): number {
  const letters = Array.from(word), plain = letters.length - foreignIn(word);
  const isOfScript = letters.every((letter) => /\p{M}/u.test(letter) || script.test(letter)) &&
    (!script.test("a") || letters.length === 1 || plain * 4 >= letters.length);
  if (!isOfScript || /.\p{Lu}/u.test(word) && /\p{Ll}/u.test(word)) return 0;
  return /\p{Lu}{2}/u.test(word) ? 0.9 : 1; // words are hardly ever all in capitals
}

/** Characters of a text that are no ASCII. */
export const foreignIn = (text: string): number => text.match(/[^\0-\x7f]/gu)?.length ?? 0;

/** Characters that are shown, and how many of them before the first that is no ASCII. */
const SHOWN = 40, BEFORE = 12;

/** What is shown of a text. */
function excerptOf(text: string | undefined): string | undefined {
  const line = (text ?? "").split(/\r?\n|\r/).find((line) => foreignIn(line) > 0);
  if (line === undefined) return undefined;
  const letters = Array.from(line), first = letters.findIndex((letter) => letter > "\x7f");
  const start = Math.max(0, first - BEFORE), end = start + SHOWN;
  return (start > 0 ? "…" : "") + letters.slice(start, end).join("") + (end < letters.length ? "…" : "");
}
