/**
 * Text of any encoding.
 *
 * @module
 */
import { InputError } from "../contract/errors.ts";
import type { TextEncoding } from "./types.ts";

/** How the bytes of a file are to be read: as it is said, or as its byte-order mark says. */
export type FileEncoding = TextEncoding | "utf-16le" | "utf-16be";

/** Byte-order marks of UTF-16. */
const MARKS: readonly [FileEncoding, number, number][] = [["utf-16le", 0xff, 0xfe], ["utf-16be", 0xfe, 0xff]];

/** UTF-16, where a text begins with its mark. */
export const markedEncoding = ([first, second]: Uint8Array): FileEncoding | undefined =>
  MARKS.find((mark) => mark[1] === first && mark[2] === second)?.[0];

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
