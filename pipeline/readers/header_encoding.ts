/**
 * Checks what the beginning of a file tells about its encoding, before its rows are read.
 *
 * @module
 */
import { InputError } from "../contract/errors.ts";
import { FileDecoder, type FileEncoding } from "./decode.ts";
import { notUtf8 } from "./diagnose.ts";
import { foreignIn } from "./likely_encodings.ts";
import type { Source } from "./source.ts";

/**
 * Looks for columns in a header. Decoded with the wrong encoding, a header has none of the names that the user gives, and listing
 * its names does not help.
 *
 * @throws {InputError} as `find` does, or, if the first line is not valid in this encoding, for that.
 */
export function inHeader<T>(source: Source, encoding: FileEncoding, find: () => T): T {
  try {
    return find();
  } catch (error) {
    const end = source.head.findIndex((byte) => byte === 10 || byte === 13);
    const line = end < 0 ? source.head : source.head.subarray(0, end);
    if (encoding === "utf-8") {
      if (!isUtf8(line)) throw notUtf8(source.path, 1, source.head);
    } else if (!encoding.startsWith("utf-16")) {
      if (looksLikeUtf8(source, encoding)) {
        throw new InputError(
          `Cannot read ${source.path} as ${encoding}: it looks like UTF-8; leave --encoding out${
            othersToo(encoding)
          }`,
        );
      }
      const decoder = new FileDecoder(source.path, encoding);
      decoder.decode(line);
      decoder.decode();
    }
    throw error;
  }
}

/** Number of letters that may be valid UTF-8 by chance in a text of another encoding: some two-character Chinese words are. */
const BY_CHANCE = 3;

/**
 * Returns a remark for a file that is UTF-8 but read in another encoding: one encoding is given for all files, and in most
 * encodings any byte is a letter.
 */
export const utf8Remark = (source: Source, encoding: FileEncoding): string[] =>
  looksLikeUtf8(source, encoding)
    ? [
      `${source.path}: it looks like UTF-8, and is read as ${encoding}; if it is UTF-8, leave --encoding out${
        othersToo(encoding)
      }`,
    ]
    : [];

/** Advice for the files that do have the given encoding. */
const othersToo = (encoding: FileEncoding) =>
  `, and turn files that are not into it, as iconv -f ${encoding} -t utf-8 does`;

function looksLikeUtf8({ head, marked }: Source, encoding: FileEncoding): boolean {
  if (marked || encoding === "utf-8" || !isUtf8(head)) return false;
  return foreignIn(new TextDecoder().decode(head, { stream: true })) > BY_CHANCE;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true }) !== undefined;
  } catch {
    return false;
  }
}
