/**
 * Decodes text of any encoding.
 *
 * @module
 */
import { InputError } from "../contract/errors.ts";
import { markedUnicode } from "../contract/values/unicode_text.ts";
import type { TextEncoding } from "./types.ts";

/** The encoding used to read a file: the one given, or the one its byte-order mark indicates. */
export type FileEncoding = TextEncoding | "utf-16le" | "utf-16be";

/** Detects which Unicode encoding a text has, if it starts with a byte-order mark or is UTF-16 without one, as databases export it. */
export const unicodeOf = (head: Uint8Array): FileEncoding | undefined =>
  markedUnicode(head) ?? unmarkedUtf16(head);

/** Detects UTF-16 without a mark: separators, digits and line ends have a zero byte before or after them, and other encodings have none. */
function unmarkedUtf16(head: Uint8Array): FileEncoding | undefined {
  const first = head.indexOf(0);
  if (first < 0) return undefined;
  const encoding = first % 2 === 1 ? "utf-16le" : "utf-16be";
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(head, { stream: true });
    return /[\n\r]/.test(text) && !/[^\P{Cc}\t\n\r]|\p{Co}|\p{Cn}/u.test(text) ? encoding : undefined;
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
        } has bytes that are none of its characters; ` +
          "pass another --encoding",
      );
    }
  }
}

function lineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
