/**
 * Reads a file's content piece by piece, decompressing gzip.
 *
 * @module
 */
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { InputError } from "../contract/errors.ts";
import { unreadable } from "../contract/files/readable.ts";
import { FileDecoder, type FileEncoding } from "./encoding.ts";

/** A file by path, and whether it is compressed. */
export interface Content {
  path: string;
  gzip: boolean;
}

/** Receives the size of every piece as it is on disk. */
export type OnBytes = (bytes: number) => void;

/**
 * Yields the file's content, decompressed if it is gzip.
 *
 * @throws {InputError} if the file cannot be read, or its gzip stream is cut short or damaged.
 */
export async function* content({ path, gzip }: Content, onBytes?: OnBytes): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  if (onBytes) file.on("data", (chunk) => onBytes(chunk.length));
  const gunzip = gzip ? createGunzip({ chunkSize: 1 << 18 }) : undefined;
  if (gunzip) file.on("error", (error) => gunzip.destroy(error));
  try {
    yield* gunzip ? file.pipe(gunzip) : file;
  } catch (error) {
    throw gzipError(path, error) ?? unreadable(path, error) ?? error;
  } finally {
    file.destroy();
    gunzip?.destroy();
  }
}

function gzipError(path: string, error: unknown): InputError | undefined {
  const { code } = error as { code?: string };
  if (!code?.startsWith("Z_")) return undefined;
  const state = code === "Z_BUF_ERROR" ? "cut short" : "damaged";
  return new InputError(`Cannot read ${path}: the gzip file is ${state}; copy or download it again`);
}

/** Yields the content as text, without a byte-order mark. */
export async function* text(source: Content, encoding: FileEncoding): AsyncGenerator<string> {
  const decoder = new FileDecoder(source.path, encoding);
  for await (const chunk of content(source)) yield decoder.decode(chunk);
  yield decoder.decode();
}

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** Yields the content as UTF-8, without a byte-order mark. */
export async function* utf8Content(
  source: Content,
  encoding: FileEncoding,
  onBytes?: OnBytes,
): AsyncGenerator<Uint8Array> {
  if (encoding === "utf-8") {
    let isFirst = true;
    for await (const chunk of content(source, onBytes)) {
      const isMarked = isFirst && BYTE_ORDER_MARK.every((byte, i) => chunk[i] === byte);
      yield isMarked ? chunk.subarray(BYTE_ORDER_MARK.length) : chunk;
      isFirst = false;
    }
    return;
  }
  const decoder = new FileDecoder(source.path, encoding), encoder = new TextEncoder();
  for await (const chunk of content(source, onBytes)) yield encoder.encode(decoder.decode(chunk));
  yield encoder.encode(decoder.decode());
}

/** Maximum length of a line: 64 MiB hold a sequence of five million items. A longer line lacks line ends. */
export const MAX_LINE = 1 << 26;

/** Returns the error for a line that is longer than any sensible one. */
export const lineTooLong = (path: string, line: number, max: number): InputError =>
  new InputError(
    `Cannot read ${path}: line ${line} is longer than ${max} characters; check that the file is text with line ends`,
  );

/**
 * Yields the content line by line, without line ends. Line numbers start at 1, with the first line yielded.
 *
 * @throws {InputError} for a line longer than `max` characters, as soon as that many were read.
 */
export async function* lines(
  source: Content,
  encoding: FileEncoding,
  max = MAX_LINE,
): AsyncGenerator<string> {
  let begun: string[] = [], length = 0, line = 1;
  for await (const piece of text(source, encoding)) {
    let start = 0;
    for (let end; (end = piece.indexOf("\n", start)) >= 0; start = end + 1, line++) {
      const whole = begun.join("") + piece.slice(start, end);
      begun = [];
      length = 0;
      yield whole.endsWith("\r") ? whole.slice(0, -1) : whole;
    }
    begun.push(piece.slice(start));
    length += piece.length - start;
    if (length > max) throw lineTooLong(source.path, line, max);
  }
  if (length > 0) yield begun.join("");
}

/** Returns the line, from 1, that holds byte `at` of the content as UTF-8. */
export async function lineAt(
  source: Content,
  { encoding, lineEnd }: { encoding: FileEncoding; lineEnd: string },
  at: number,
): Promise<number> {
  const code = lineEnd.charCodeAt(0);
  let line = 1, before = 0;
  for await (const bytes of utf8Content(source, encoding)) {
    for (let end = bytes.indexOf(code); end >= 0 && before + end < at; end = bytes.indexOf(code, end + 1)) {
      line++;
    }
    before += bytes.length;
    if (before > at) break;
  }
  return line;
}
