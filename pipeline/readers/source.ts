/**
 * Opens a file to read: checks that it exists, what it is, and how it begins.
 *
 * @module
 */
import { basename } from "node:path";
import { InputError } from "../contract/errors.ts";
import { openRegular, regularFile } from "../contract/files/readable.ts";
import { bytesOfFile } from "./bytes.ts";
import { content } from "./content.ts";
import { type FileEncoding, unicodeOf } from "./decode.ts";
import type { TextEncoding } from "./types.ts";

/** A file that is known to exist, not to be a folder and not to be empty. */
export interface Source {
  /** Path as the user wrote it. */
  path: string;
  /** File name without folders and `.gz`; it indicates the format. */
  name: string;
  /** Size on disk in bytes. */
  bytes: number;
  gzip: boolean;
  /** The first bytes, decompressed. */
  head: Uint8Array;
  /** Whether `head` is the whole content. */
  whole: boolean;
  /** The encoding shown by its byte-order mark, or by zero bytes as in UTF-16. */
  marked?: FileEncoding;
  /** Whether it must be inflated before Polars reads it. */
  inflated?: boolean;
  /** Whether the quotes of some rows do not pair up or have text after them: such rows are mended while reading. */
  misquoted?: boolean;
}

/** A file without rows. It is skipped if other files have rows. */
export class NoRows extends InputError {
  constructor(readonly path: string, readonly state: string) {
    super(`Cannot read ${path}: ${state}`);
  }
}

/** The state of a file that has no bytes, or none after unpacking. */
export const EMPTY = "the file is empty";

/** Returns the remark for a file that is skipped. */
export const passedOverRemark = ({ path, state }: Pick<NoRows, "path" | "state">): string =>
  `${path}: ${state}; it is passed over`;

/** Enough for the header and a few rows, even wide ones. */
const HEAD_BYTES = 1 << 16;

/** Signatures of files that people pass by mistake: bytes at the beginning, or at another position. */
const BINARY: [kind: string, bytes: number[], at?: number][] = [
  ["a zip archive (or an Excel file); unpack it, or save the sheet as CSV", [0x50, 0x4b, 0x03, 0x04]],
  ["a PNG image", [0x89, 0x50, 0x4e, 0x47]],
  ["a JPEG image", [0xff, 0xd8, 0xff]],
  ["a PDF document", [0x25, 0x50, 0x44, 0x46]],
  ["a tar archive; unpack it with tar -xf", [...new TextEncoder().encode("ustar")], 257],
  ["a Zstandard archive; unpack it with unzstd", [0x28, 0xb5, 0x2f, 0xfd]],
  ["a bzip2 archive; unpack it with bunzip2", [0x42, 0x5a, 0x68]],
  ["an xz archive; unpack it with unxz", [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ["a 7-Zip archive; unpack it", [0x37, 0x7a, 0xbc, 0xaf]],
  ["a SQLite database; export the table as CSV", [...new TextEncoder().encode("SQLite format 3")]],
  ["an old Excel file; save the sheet as CSV", [0xd0, 0xcf, 0x11, 0xe0]],
  ...[2, 3, 4, 5].map((version): [string, number[]] => [
    "a Python pickle; write the table as Parquet, as to_parquet does in pandas",
    [0x80, version],
  ]),
  ...["RDX2", "RDX3"].map((magic): [string, number[]] => [
    "R's own data; write the table as CSV, as write.csv does",
    [...new TextEncoder().encode(magic)],
  ]),
  ["an HDF5 file; save the table as Parquet or CSV", [0x89, 0x48, 0x44, 0x46]],
  ["UTF-32 text; save it as UTF-8", [0xff, 0xfe, 0, 0]],
  ["UTF-32 text; save it as UTF-8", [0, 0, 0xfe, 0xff]],
  ["a NumPy array; save it as CSV", [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]],
];

const startsWith = (bytes: Uint8Array, prefix: number[]) => prefix.every((byte, i) => bytes[i] === byte);
const startsWithText = (bytes: Uint8Array, prefix: string) =>
  startsWith(bytes, [...new TextEncoder().encode(prefix)]);

/** Returns the columnar format of a file, by its first bytes. */
export function columnarKind(source: Source): "parquet" | "arrow" | "arrow stream" | undefined {
  if (startsWithText(source.head, "PAR1")) return "parquet";
  if (startsWithText(source.head, "ARROW1")) return "arrow";
  return startsWith(source.head, [0xff, 0xff, 0xff, 0xff]) ? "arrow stream" : undefined;
}

/**
 * Opens a file and examines it.
 *
 * @throws {NoRows} if it is empty.
 * @throws {InputError} if it is missing, not a regular file, not readable, or of a kind that no reader supports.
 */
export async function openSource(path: string): Promise<Source> {
  const { size } = regularFile(path);
  if (size === 0) throw new NoRows(path, EMPTY);
  const start = await readHead({ path, gzip: false }, 2);
  const gzip = startsWith(start.head, [0x1f, 0x8b]);
  if (gzip) checkInflation(path, size);
  const { head, whole } = await readHead({ path, gzip }, HEAD_BYTES);
  if (head.length === 0) throw new NoRows(path, EMPTY);
  const name = basename(path).replace(/\.gz$/i, ""), marked = unicodeOf(head);
  const source = { path, name, bytes: size, gzip, head, whole, ...(marked && { marked }) };
  if (columnarKind(source)) return source;
  const binary = BINARY.find(([, magic, at = 0]) => startsWith(head.subarray(at), magic));
  if (binary) throw new InputError(`Cannot read ${path}: it looks like ${binary[0]}`);
  if (!marked?.startsWith("utf-16") && head.includes(0)) throw withZeros(path, head);
  return source;
}

/**
 * Returns the error for a file with zero bytes: for text with only a few of them, the line of the first, where it is damaged;
 * otherwise, that it is not text.
 */
function withZeros(path: string, head: Uint8Array): InputError {
  const rest = head.filter((byte) => byte !== 0), first = head.subarray(0, head.indexOf(0));
  const isText = rest.includes(10) && rest.length * 10 > head.length * 9 &&
    rest.every((byte) => byte >= 32 || byte === 9 || byte === 10 || byte === 13);
  return new InputError(
    isText
      ? `Cannot read ${path}: line ${
        first.filter((byte) => byte === 10).length + 1
      } has a zero byte, of which text has none; ` +
        "leave such bytes out, as tr -d '\\000' does"
      : `Cannot read ${path}: it is a binary file of an unknown kind; give text, Parquet or Arrow`,
  );
}

/** Opens a file; undefined if it is empty. */
export async function openFilled(path: string): Promise<Source | undefined> {
  try {
    return await openSource(path);
  } catch (error) {
    if (error instanceof NoRows) return undefined;
    throw error;
  }
}

/** Interactions compress to a tenth or twentieth of their size; a file compressed further than this repeats one line over and over. */
const MOST_INFLATED = 500;
/** gzip cannot compress further than this: then the last bytes are not the end of a complete file. */
const MOST_POSSIBLE = 1040;
/** Size in bytes that memory can take in any case. */
const HARMLESS = 2 ** 28;

/**
 * Refuses a file that was made to fill memory. The last four bytes of gzip state the size of the content, modulo 2^32, and only
 * that of the last file if several were concatenated: it can be larger, not smaller.
 */
function checkInflation(path: string, size: number): void {
  if (size < 18) return; // cut short, as reading will show
  using file = openRegular(path);
  const content = new DataView(bytesOfFile(file).read(size - 4, size).buffer).getUint32(0, true);
  if (content < HARMLESS || content < size * MOST_INFLATED || content > size * MOST_POSSIBLE) return;
  throw new InputError(
    `Cannot read ${path}: by its end it holds ${content} bytes in ${size}, more than data become by compression: it is cut short, or ` +
      "one line over and over; unpack it with gunzip to see, or to read it nevertheless",
  );
}

async function readHead(source: { path: string; gzip: boolean }, limit: number) {
  const head = new Uint8Array(limit);
  let length = 0;
  for await (const chunk of content(source)) {
    const part = chunk.subarray(0, limit - length);
    head.set(part, length);
    length += part.length;
    // An extra byte shows that there is more.
    if (chunk.length > part.length) return { head, whole: false };
  }
  return { head: head.subarray(0, length), whole: true };
}

/** Returns the encoding to read a file with: that of its byte-order mark, else the user's, else UTF-8. */
export const encodingOf = (source: Source, said: TextEncoding = "utf-8"): FileEncoding =>
  source.marked ?? said;

/** Returns the beginning as text, cut after its last whole line unless it is the whole file. */
export function headText(source: Source, encoding: FileEncoding = "utf-8"): string {
  const text = new TextDecoder(encoding).decode(source.head, { stream: !source.whole });
  if (source.whole) return text;
  const end = Math.max(text.lastIndexOf("\n"), text.includes("\n") ? -1 : text.lastIndexOf("\r"));
  return end < 0 ? text : text.slice(0, end + 1);
}
