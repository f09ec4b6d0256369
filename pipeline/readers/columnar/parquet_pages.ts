/**
 * Checks the pages of a column in a Parquet file by their headers.
 *
 * @module
 */
import type { Bytes } from "../bytes.ts";
import { readStructAt, type Struct, ThriftEnd, ThriftError, wholeNumber } from "./thrift.ts";

/** A column in one row group. */
export interface Chunk {
  column: string;
  /** Number of values that its pages should have. */
  values: bigint;
  /** Where its pages begin and end in the file. */
  start: number;
  end: number;
}

/** Sizes tried for reading a header: the small one first, larger ones for headers with long texts in their statistics. */
const HEADER_BYTES = [256, 1 << 16, 1 << 24];

/**
 * Checks the pages of a column one by one.
 *
 * @throws {ThriftError} if a page lies outside the column or has an impossible size, or if the values do not add up.
 */
export function checkPages(bytes: Bytes, { column, values, start, end }: Chunk): void {
  let found = 0n;
  for (let at = start; at < end && found < values;) {
    const { fields, length } = readHeader(bytes, at, end);
    const size = Number(wholeNumber(fields, 3, "a page's size in the file"));
    at += length + size;
    if (at > end) throw new ThriftError(`a page of column "${column}" is longer than the column`);
    found += valuesOf(fields, size);
  }
  if (found !== values) {
    throw new ThriftError(`column "${column}" has ${found} values, and is said to have ${values}`);
  }
}

function readHeader(bytes: Bytes, at: number, end: number): { fields: Struct; length: number } {
  for (const most of HEADER_BYTES) {
    try {
      return readStructAt(bytes.read(at, Math.min(at + most, end)));
    } catch (error) {
      if (!(error instanceof ThriftEnd) || at + most >= end) throw error;
    }
  }
  throw new ThriftError("the header of a page does not end");
}

/** Returns how many values a page adds to its column. */
function valuesOf(header: Struct, size: number): bigint {
  const unpacked = wholeNumber(header, 2, "a page's size");
  const part = (id: number): Struct | undefined => {
    const fields = header.get(id);
    return fields instanceof Map ? fields : undefined;
  };
  const dictionary = part(7), plain = part(5), newer = part(8);
  if (dictionary) {
    const values = wholeNumber(dictionary, 1, "a dictionary's number of values");
    if (values > unpacked) throw new ThriftError("a dictionary has more values than bytes");
    return 0n;
  }
  if (plain) return wholeNumber(plain, 1, "a page's number of values");
  if (!newer) return 0n;
  const values = wholeNumber(newer, 1, "a page's number of values");
  const levels = wholeNumber(newer, 5, "the size of a page's levels") +
    wholeNumber(newer, 6, "the size of a page's levels");
  if (
    wholeNumber(newer, 2, "a page's number of nulls") > values ||
    wholeNumber(newer, 3, "a page's number of rows") > values || levels > BigInt(size)
  ) throw new ThriftError("a page has more nulls, rows or levels than values");
  return values;
}
