/**
 * Encodings of text: which one a file has, decoding it, and saying what is wrong with it.
 *
 * @module
 */
import { isUtf8 } from "node:buffer";
import { InputError } from "../contract/errors.ts";
import { markedUnicode } from "../contract/values/unicode_text.ts";
import type { TextEncoding } from "./types.ts";

/** The encoding used to read a file: the one given, or the one its byte-order mark indicates. */
export type FileEncoding = TextEncoding | "utf-16le" | "utf-16be";

/** Short hints for encodings that other programs call by other names, by these names. */
export const ENCODING_HINTS: Readonly<Record<string, string>> = {
  "utf8": "it is written utf-8",
  "utf-16": "UTF-16 is detected: leave --encoding out",
  "gb2312": "gbk holds it",
  "sjis": "it is written shift_jis",
  "iso-8859-1": "it is called latin1",
  "cp1252": "it is written windows-1252, and others alike",
};

/** Detects which Unicode encoding a text has, if it starts with a byte-order mark or is UTF-16 without one, as databases export it. */
export const unicodeOf = (head: Uint8Array): FileEncoding | undefined =>
  markedUnicode(head) ?? unmarkedUtf16(head);

/** Detects UTF-16 without a mark: separators, digits and line ends have a zero byte before or after them, and other encodings have none. */
function unmarkedUtf16(head: Uint8Array): FileEncoding | undefined {
  const first = head.indexOf(0);
  if (first < 0) return undefined;
  const encoding = first % 2 === 1 ? "utf-16le" : "utf-16be";
  const text = decoded(head, encoding) ?? "";
  return /[\n\r]/.test(text) && !/[^\P{Cc}\t\n\r]|\p{Co}|\p{Cn}/u.test(text) ? encoding : undefined;
}

/** Decodes the beginning of a text; undefined if some of its bytes are not valid in the encoding. */
function decoded(bytes: Uint8Array, encoding: FileEncoding): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return undefined;
  }
}

/** Decodes bytes into text, piece by piece. */
export class FileDecoder {
  readonly #decoder: TextDecoder;
  #line = 1;

  /** @param path For messages. */
  constructor(readonly path: string, readonly encoding: FileEncoding) {
    // Invalid UTF-8 is found, and reported with its line, where the rows are read.
    this.#decoder = new TextDecoder(encoding, { fatal: encoding !== "utf-8" });
  }

  /**
   * Decodes the next bytes, without a byte-order mark. If `bytes` is left out, decodes what remains.
   *
   * @throws {InputError} if they are not valid in this encoding; the message names the line.
   */
  decode(bytes?: Uint8Array): string {
    try {
      const text = this.#decoder.decode(bytes, { stream: bytes !== undefined });
      this.#line += lineEnds(text);
      return text;
    } catch {
      const [before] = new TextDecoder(this.encoding).decode(bytes).split("\ufffd", 1);
      throw new InputError(
        `Cannot read ${this.path} as ${this.encoding}: line ${
          this.#line + lineEnds(before)
        } has bytes that are none of its characters; pass another --encoding`,
      );
    }
  }
}

const lineEnds = (text: string): number => text.split("\n").length - 1;

/** Whether Polars failed because a text is not UTF-8. */
export const isEncodingError = (error: unknown): boolean => /invalid ?utf-?8/i.test((error as Error).message);

/** Number of letters that may be valid UTF-8 by chance in a text of another encoding: some two-character Chinese words are. */
const BY_CHANCE = 3;

/** Returns a remark for a text that is UTF-8 but read in another encoding: in most of these, any byte is a letter. */
export function utf8Remark(path: string, head: Uint8Array, encoding: FileEncoding): string[] {
  const text = encoding === "utf-8" || encoding.startsWith("utf-16") ? undefined : decoded(head, "utf-8");
  if (foreignIn(text) <= BY_CHANCE) return [];
  return [`${path}: it looks like UTF-8, and is read as ${encoding}; if it is UTF-8, leave --encoding out`];
}

/** Counts the non-ASCII characters of a text. */
const foreignIn = (text = ""): number => text.match(/[^\0-\x7f]/gu)?.length ?? 0;

/** Common encodings other than UTF-8, Western ones first. */
const COMMON: readonly TextEncoding[] = [
  "windows-1252",
  "gbk",
  "windows-1251",
  "windows-1250",
  "big5",
  "shift_jis",
  "euc-kr",
];
/** Number of bytes decoded to show how a text would read, of characters shown, and of encodings named. */
const SAMPLE = 4096, SHOWN = 40, MOST = 3;

/**
 * Returns the error for a text that is not UTF-8, with encodings in which it consists of letters: a person decides which is right.
 *
 * @param bytes The bytes from the start of the line.
 */
export function notUtf8(path: string, line: number, bytes: Uint8Array): InputError {
  const sample = bytes.subarray(0, SAMPLE);
  const likely = COMMON.flatMap((encoding) => {
    const reads = decoded(sample, encoding)?.split(/[\r\n]/).find((line) => foreignIn(line) > 0);
    if (reads === undefined || /[^\0-\x7f\p{L}\p{M}]/u.test(reads)) return [];
    return `${encoding}, which reads it as ${JSON.stringify(reads.slice(0, SHOWN))}`;
  }).slice(0, MOST);
  const remedy = likely.length === 0
    ? "the encoding that it has, such as latin1 or gbk"
    : likely.join(", or ");
  return new InputError(`Cannot read ${path}: line ${line} is not UTF-8; pass --encoding ${remedy}`);
}

/**
 * Checks the line that names the columns, because none of its names is found in the wrong encoding.
 *
 * @throws {InputError} if it is not valid in the encoding.
 */
export function checkHeader(path: string, head: Uint8Array, encoding: FileEncoding): void {
  const end = head.findIndex((byte) => byte === 10 || byte === 13);
  const line = end < 0 ? head : head.subarray(0, end);
  if (encoding === "utf-8" && end >= 0 && !isUtf8(line)) throw notUtf8(path, 1, head);
  if (encoding === "utf-8" || encoding.startsWith("utf-16")) return;
  const decoder = new FileDecoder(path, encoding);
  decoder.decode(line);
  decoder.decode();
}
