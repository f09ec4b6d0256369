/**
 * Reads a file's content piece by piece, decompressing gzip.
 *
 * @module
 */
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { InputError } from "../contract/errors.ts";
import { unreadable } from "../contract/files/readable.ts";
import { FileDecoder, type FileEncoding } from "./decode.ts";

/** A file by path, and whether it is compressed. */
export interface Content {
  path: string;
  gzip: boolean;
}

/**
 * Yields the file's content, decompressed if it is gzip.
 *
 * @param onBytes Called with the size of every piece as it is on disk.
 * @throws {InputError} if the file cannot be read, or its gzip stream is cut short or damaged.
 */
export async function* content(
  { path, gzip }: Content,
  onBytes?: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
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

/** Translates a gzip failure of zlib or Polars into an error for the user; undefined for any other error. */
export function gzipError(path: string, error: unknown): InputError | undefined {
  const { code, message } = error as { code?: string; message: string };
  if (code === "Z_BUF_ERROR" || /unexpected end of file/i.test(message)) {
    return new InputError(`Cannot read ${path}: the gzip file is cut short; copy or download it again`);
  }
  if (code?.startsWith("Z_") || /corrupt (deflate|gzip)|invalid gzip/i.test(message)) {
    return new InputError(`Cannot read ${path}: the gzip file is damaged; copy or download it again`);
  }
}

/** Yields the content as text, without a byte-order mark. */
export async function* text(source: Content, encoding: FileEncoding): AsyncGenerator<string> {
  const decoder = new FileDecoder(source.path, encoding);
  for await (const chunk of content(source)) yield decoder.decode(chunk);
  yield decoder.decode();
}

/** Maximum length of a line: 64 MiB hold a sequence of five million items. A longer line lacks line ends or was made to do harm. */
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

/** Limit for content read at once rather than piece by piece: it must fit into memory together with what is made from it. */
const MAX_WHOLE = 2 ** 31;

/**
 * Reads all of the content into one buffer, as UTF-8.
 *
 * @param otherwise The advice for a file that is too large but is UTF-8 already and not gzip.
 * @throws {InputError} if it is larger than 2 GiB.
 */
export async function wholeContent(
  source: Content,
  encoding: FileEncoding = "utf-8",
  otherwise = "double the quotes inside its fields and put these in quotes",
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of utf8Content(source, encoding)) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_WHOLE) {
      const wish = encoding !== "utf-8"
        ? "turn it into UTF-8 with iconv"
        : source.gzip
        ? "unpack it with gunzip"
        : otherwise;
      throw new InputError(
        `Cannot read ${source.path}: files of this kind are read whole, and this one has more than 2 GiB; ${wish}`,
      );
    }
  }
  const whole = new Uint8Array(bytes);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}

/**
 * Yields the content as UTF-8, unchanged if the encoding is UTF-8 already.
 *
 * @param onBytes See {@link content}.
 */
export async function* utf8Content(
  source: Content,
  encoding: FileEncoding,
  onBytes?: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  if (encoding === "utf-8") return yield* content(source, onBytes);
  const decoder = new FileDecoder(source.path, encoding), encoder = new TextEncoder();
  for await (const chunk of content(source, onBytes)) yield encoder.encode(decoder.decode(chunk));
  yield encoder.encode(decoder.decode());
}

/** The encoding and line end of a text. */
interface Lines {
  encoding: FileEncoding;
  /** A single byte. */
  lineEnd: string;
}

/**
 * Yields the content as UTF-8, up to a line that is longer than any sensible one. Polars inflates gzip whole: a few megabytes of
 * one line repeated become gigabytes.
 *
 * @throws {InputError} for such a line.
 */
export async function* boundedLines(source: Content, marks: Lines): AsyncGenerator<Uint8Array> {
  const code = marks.lineEnd.charCodeAt(0);
  let read = 0, open = 0; // bytes after the last line end
  for await (const bytes of utf8Content(source, marks.encoding)) {
    const end = bytes.lastIndexOf(code);
    open = end < 0 ? open + bytes.length : bytes.length - end - 1;
    read += bytes.length;
    if (open > MAX_LINE) {
      throw lineTooLong(source.path, await lineAt(source, marks, read - open), MAX_LINE);
    }
    yield bytes;
  }
}

/** Returns the line, from 1, that holds byte `at` of the content as UTF-8. */
export async function lineAt(source: Content, { encoding, lineEnd }: Lines, at: number): Promise<number> {
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
