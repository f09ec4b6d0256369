/**
 * Text of any encoding.
 *
 * @module
 */
import { InputError } from "../contract/errors.ts";
import { markedUnicode } from "../contract/values/unicode_text.ts";
import type { TextEncoding } from "./types.ts";

/** How the bytes of a file are to be read: as it is said, or as its byte-order mark says. */
export type FileEncoding = TextEncoding | "utf-16le" | "utf-16be";

/** Of which Unicode a text is, where it begins with a mark, or is UTF-16 as databases export it, without one. */
export const unicodeOf = (head: Uint8Array): FileEncoding | undefined =>
  markedUnicode(head) ?? unmarkedUtf16(head);

/** Separators, digits and line ends have a zero before or behind them, and no text has others. */
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

/** Turns bytes into text, piece by piece. */
export class FileDecoder {
  readonly #decoder: TextDecoder;
  #line = 1;

  /** @param path For messages. */
  constructor(readonly path: string, readonly encoding: FileEncoding) {
    // What is not UTF-8 is found, and told with its line, where the rows are read.
    this.#decoder = new TextDecoder(encoding, { fatal: encoding !== "utf-8" });
  }

  /**
   * The text of the next bytes, without a byte-order mark; left out: of what is left.
   *
   * @throws {InputError} if they are not of this encoding, with the line.
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
