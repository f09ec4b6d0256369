/**
 * Opens a file to read: checks that it exists, what it is, and how it begins.
 *
 * @module
 */
import { basename } from "node:path";
import { InputError } from "../contract/errors.ts";
import { regularFile } from "../contract/files/readable.ts";
import { content } from "./content.ts";
import { type FileEncoding, unicodeOf } from "./encoding.ts";
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

/** First bytes of files that people pass by mistake. */
const MISTAKEN: [kind: string, bytes: number[]][] = [
  ["a zip archive (or an Excel file); unpack it, or save the sheet as CSV", [0x50, 0x4b, 0x03, 0x04]],
  ["an old Excel file; save the sheet as CSV", [0xd0, 0xcf, 0x11, 0xe0]],
  ["a PDF document", [0x25, 0x50, 0x44, 0x46]],
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
  const { head, whole } = await readHead({ path, gzip }, HEAD_BYTES);
  if (head.length === 0) throw new NoRows(path, EMPTY);
  const name = basename(path).replace(/\.gz$/i, ""), marked = unicodeOf(head);
  const source = { path, name, bytes: size, gzip, head, whole, ...(marked && { marked }) };
  if (columnarKind(source)) return source;
  const mistaken = MISTAKEN.find(([, magic]) => startsWith(head, magic));
  if (mistaken) throw new InputError(`Cannot read ${path}: it looks like ${mistaken[0]}`);
  if (!marked?.startsWith("utf-16") && head.includes(0)) {
    throw new InputError(
      `Cannot read ${path}: it is a binary file of an unknown kind; give text without zero bytes, Parquet or Arrow`,
    );
  }
  return source;
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
