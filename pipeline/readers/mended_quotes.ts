/**
 * Rewrites rows whose quotes Polars would read differently from a person.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { Dialect } from "./layout.ts";

/** Content of a row's last field if text follows a closing quote; it does not occur in text. */
export const MISQUOTED = "\0";

const QUOTE = '"'.charCodeAt(0), CR = "\r".charCodeAt(0);

/** A row of a text. */
interface Row {
  /** Position after its line end. */
  end: number;
  /** Where its text ends. */
  textEnd: number;
  /** Start and end of unquoted fields that contain quotes. */
  stray: [from: number, to: number][];
  /** Whether text follows a closing quote. */
  behind: boolean;
}

/**
 * Returns a text of whole rows in which unquoted fields that contain quotes are quoted. A row with text after a closing quote is left
 * empty except for {@link MISQUOTED} in its last field, because its fields are uncertain.
 *
 * @param fields Number of fields per row.
 */
export function mendedQuotes(
  text: Uint8Array,
  { delimiter, lineEnd }: Pick<Dialect, "delimiter" | "lineEnd">,
  fields: number,
): Buffer {
  const marks = { delimiter: delimiter.charCodeAt(0), lineEnd: lineEnd.charCodeAt(0) };
  const bytes = Buffer.from(text.buffer, text.byteOffset, text.length);
  const misquoted = Buffer.from(delimiter.repeat(fields - 1) + MISQUOTED);
  const parts: Uint8Array[] = [];
  let kept = 0;
  for (let start = 0, row; start < bytes.length; start = row.end) {
    row = rowAt(bytes, start, marks);
    if (row.stray.length === 0 && !row.behind) continue;
    parts.push(bytes.subarray(kept, start));
    kept = start;
    if (row.behind) parts.push(misquoted);
    else {
      for (const [from, to] of row.stray) {
        const field = bytes.toString("latin1", from, to); // byte by byte
        parts.push(bytes.subarray(kept, from), Buffer.from(`"${field.replaceAll('"', '""')}"`, "latin1"));
        kept = to;
      }
    }
    if (row.behind) kept = row.textEnd;
  }
  parts.push(bytes.subarray(kept));
  return Buffer.concat(parts);
}

/** Scans the row that begins at `start`. */
function rowAt(
  bytes: Uint8Array,
  start: number,
  { delimiter, lineEnd }: { delimiter: number; lineEnd: number },
): Row {
  const row: Row = { end: bytes.length, textEnd: bytes.length, stray: [], behind: false };
  for (let i = start, from = start;; from = ++i) {
    const isQuoted = bytes[i] === QUOTE;
    if (isQuoted) i = behindQuotes(bytes, i);
    const closed = i;
    while (i < bytes.length && bytes[i] !== delimiter && bytes[i] !== lineEnd) i++;
    const isLast = i >= bytes.length || bytes[i] === lineEnd;
    const to = isLast && i > closed && bytes[i - 1] === CR ? i - 1 : i; // part of a two-character line end
    if (isQuoted && to > closed) row.behind = true;
    if (!isQuoted && bytes.subarray(from, to).includes(QUOTE)) row.stray.push([from, to]);
    if (!isLast) continue;
    return { ...row, end: Math.min(i + 1, bytes.length), textEnd: to };
  }
}

/** Returns the position after the closing quote of a field that opens at `open`. */
function behindQuotes(bytes: Uint8Array, open: number): number {
  for (let i = open + 1; i < bytes.length; i++) {
    if (bytes[i] !== QUOTE) continue;
    if (bytes[i + 1] !== QUOTE) return i + 1;
    i++;
  }
  return bytes.length;
}
