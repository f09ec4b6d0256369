/**
 * Explains failures of Polars to the person who owns the file. Polars says what is wrong, but not where.
 *
 * @module
 */
import { AutoMLPError, InputError } from "../contract/errors.ts";
import { unreadable } from "../contract/files/readable.ts";
import { content, gzipError } from "./content.ts";
import { foreignIn, likelyEncodings } from "./likely_encodings.ts";
import { shorten } from "./shorten.ts";
import type { Source } from "./source.ts";

/** Finds the first line that is not UTF-8: its number, from 1, and the bytes from there on. */
async function firstBadLine(source: Source): Promise<{ line: number; bytes: Uint8Array } | undefined> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  let rest = new Uint8Array(0);
  const check = (bytes: Uint8Array) => {
    try {
      decoder.decode(bytes);
      return true;
    } catch {
      return false;
    }
  };
  for await (const chunk of content(source)) {
    const bytes = new Uint8Array(rest.length + chunk.length);
    bytes.set(rest);
    bytes.set(chunk, rest.length);
    const end = lastCharacter(bytes);
    const whole = bytes.subarray(0, end);
    if (!check(whole)) {
      const bad = badLineWithin(whole, check);
      return { line: line + bad.line, bytes: whole.subarray(bad.start) };
    }
    for (let at = whole.indexOf(10); at >= 0; at = whole.indexOf(10, at + 1)) line++;
    rest = bytes.slice(end);
  }
  return check(rest) ? undefined : { line, bytes: rest };
}

/** Returns where the last character begins, which may continue in the next piece: it has at most four bytes. */
function lastCharacter(bytes: Uint8Array): number {
  let start = bytes.length - 1;
  while (start > 0 && start > bytes.length - 4 && (bytes[start] & 0xc0) === 0x80) start--;
  return Math.max(0, start);
}

function badLineWithin(bytes: Uint8Array, check: (bytes: Uint8Array) => boolean) {
  let start = 0;
  for (let line = 0;; line++) {
    const end = bytes.indexOf(10, start) + 1;
    if (end === 0 || !check(bytes.subarray(start, end))) return { line, start };
    start = end;
  }
}

/** Checks whether Polars failed because the text is not UTF-8. */
export const isEncodingError = (error: unknown) => /invalid ?utf-?8/i.test((error as Error).message);

/** Checks whether the non-ASCII part of a text is UTF-8 except for a few bytes: in another encoding, hardly a letter is UTF-8 by chance. */
function isMostlyUtf8(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes, { stream: true });
  return foreignIn(text) > 3 * (text.split("\ufffd").length - 1);
}

/** Number of bytes used to guess the encoding. */
const SAMPLE = 4096;

/**
 * Returns the error for a text that is not UTF-8, with the encodings it may be in.
 *
 * @param bytes The bytes from the start of the line, or near it.
 */
export function notUtf8(path: string, line: number, bytes: Uint8Array): InputError {
  const sample = bytes.subarray(0, SAMPLE);
  if (isMostlyUtf8(sample)) {
    return new InputError(
      `Cannot read ${path}: line ${line} has bytes that are not UTF-8, though the rest of the file is: they are cut or damaged; mend them, or ` +
        "remove them, as iconv -c -f utf-8 -t utf-8 does",
    );
  }
  const [likely, ...others] = likelyEncodings(sample)
    .map(({ encoding, reads }) => `${encoding}, which reads it as ${JSON.stringify(reads)}`);
  const remedy = likely === undefined
    ? "pass --encoding latin1 if the file is Latin-1, or the encoding that it has, such as gbk or windows-1251"
    : `pass --encoding ${[likely, ...others].join(", or ")}`;
  return new InputError(`Cannot read ${path}: line ${line} is not UTF-8; ${remedy}`);
}

/**
 * Runs `read` on a file. A failure becomes a one-line error that names the file; bugs of this program stay as they are.
 *
 * @throws {InputError} if the file is damaged, cannot be read, or does not fit into memory.
 */
export async function reading<T>(source: Source, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw await diagnose(source, error);
  }
}

/**
 * Reads a file that may be gzip with Polars. Polars accepts nothing after the end of the gzip stream; zlib accepts zeros, with
 * which tapes and disk images pad their blocks. So a file that Polars finds broken is read again as inflated by zlib, whose verdict
 * is final.
 */
export async function inflating<T>(source: Source, read: (source: Source) => Promise<T>): Promise<T> {
  try {
    return await read(source);
  } catch (error) {
    if (!source.gzip || gzipError(source.path, error) === undefined) throw error;
    return await read({ ...source, inflated: true });
  }
}

/** Errors of JavaScript that no file causes, and of Deno's permissions, which have their own message. */
const OTHERS = [TypeError, ReferenceError, SyntaxError, Deno.errors.NotCapable];

/** Returns the error to show for a failure on a file, mostly of Polars. */
export async function diagnose(source: Source, error: unknown): Promise<unknown> {
  if (error instanceof AutoMLPError || OTHERS.some((kind) => error instanceof kind)) return error;
  const { path } = source;
  const known = gzipError(path, error) ?? unreadable(path, error);
  if (known) return known;
  if (error instanceof RangeError) {
    return new InputError(
      `Cannot read ${path}: it is nested too deeply, or more than memory holds (${error.message})`,
    );
  }
  try {
    const bad = isEncodingError(error) ? await firstBadLine(source) : undefined;
    if (bad) return notUtf8(path, bad.line, bad.bytes);
  } catch (found) {
    return found;
  }
  return new InputError(
    `Cannot read ${path}: ${reasonOf(error)}; check that the file is whole and of this format`,
  );
}

/** Returns what Polars says if a person can use it: not its internal errors, nor many lines of text. */
function reasonOf(error: unknown): string {
  const [line] = (error as Error).message.split("\n");
  const inner = /Error \{|Panic|called `|assertion|out of range for slice|index out of bounds/.test(line);
  return inner ? "its content contradicts itself" : shorten(line, 160);
}
