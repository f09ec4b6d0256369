/**
 * What a failure of Polars means to the person who owns the file. Polars says what is wrong, but not where.
 *
 * @module
 */
import { AutoMLPError, InputError } from "../contract/errors.ts";
import { content, gzipError } from "./content.ts";
import { quoteFault } from "./records.ts";
import type { Dialect } from "./sample.ts";
import type { Source } from "./source.ts";

/** The line, from 1, on which the first byte stands that is not UTF-8. */
async function firstBadLine(source: Source): Promise<number | undefined> {
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
    const end = bytes.lastIndexOf(10) + 1;
    const wholeLines = bytes.subarray(0, end);
    if (!check(wholeLines)) return line + badLineWithin(wholeLines, check);
    for (let at = wholeLines.indexOf(10); at >= 0; at = wholeLines.indexOf(10, at + 1)) line++;
    rest = bytes.slice(end);
  }
  return check(rest) ? undefined : line;
}

function badLineWithin(bytes: Uint8Array, check: (bytes: Uint8Array) => boolean): number {
  let start = 0;
  for (let line = 0;; line++) {
    const end = bytes.indexOf(10, start) + 1;
    if (end === 0 || !check(bytes.subarray(start, end))) return line;
    start = end;
  }
}

/** Whether Polars failed because the text is not UTF-8. */
export const isEncodingError = (error: unknown) => /invalid utf-?8/i.test((error as Error).message);

/**
 * The error to show for a failure of Polars on a file.
 *
 * @param dialect Of a delimited file: then its quotes are looked at too.
 */
export async function diagnose(source: Source, error: unknown, dialect?: Dialect): Promise<AutoMLPError> {
  if (error instanceof AutoMLPError) return error;
  const damaged = gzipError(source.path, error);
  if (damaged) return damaged;
  try {
    const line = isEncodingError(error) ? await firstBadLine(source) : undefined;
    if (line !== undefined) {
      return new InputError(
        `Cannot read ${source.path}: line ${line} is not UTF-8; pass --encoding latin1 if the file is Latin-1`,
      );
    }
    const fault = dialect?.quotes ? await quoteFault(source, dialect) : undefined;
    if (fault) return fault;
  } catch (found) {
    if (found instanceof AutoMLPError) return found;
    throw found;
  }
  const reason = (error as Error).message.split("\n")[0];
  return new InputError(
    `Cannot read ${source.path}: ${reason}; check that the file is whole and of this format`,
  );
}
