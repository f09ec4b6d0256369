/**
 * Checks what a Parquet file says about itself before Polars trusts it: impossible sizes make Polars end the whole process, because
 * it requests memory for them that it does not get.
 *
 * @module
 */
import { InputError } from "../../contract/errors.ts";
import type { Bytes } from "../bytes.ts";
import { checkPages, type Chunk } from "./parquet_pages.ts";
import { readStruct, type Struct, structs, ThriftError, wholeNumber } from "./thrift.ts";

/** The length of the footer and `PAR1`, at the end of the file. */
const TAIL = 8;
/** The footer of a file with two million columns; the limit keeps a wrong length from filling memory. */
const MAX_FOOTER = 1 << 28;
/** Polars counts rows in 32 bits. */
const MAX_ROWS = 2n ** 32n - 2n;

/** The first writers of Parquet left a dictionary's header out of a column's size. */
const SLACK = 100n;

/** Facts about a Parquet file, after checking it. */
export interface ParquetFacts {
  rows: number;
  /**
   * Checks the pages of some columns, or of all.
   *
   * @throws {InputError}
   */
  checkColumns(names?: string[]): void;
}

/**
 * Checks that rows add up and that all columns lie within the file.
 *
 * @throws {InputError} if they do not: the file is damaged, cut short or not Parquet.
 */
export function checkParquet(path: string, bytes: Bytes): ParquetFacts {
  const { rows, chunks } = inWords(path, () => checkFooter(bytes));
  return {
    rows,
    checkColumns: (names) =>
      inWords(path, () => {
        for (const chunk of chunks) if (names?.includes(chunk.column) ?? true) checkPages(bytes, chunk);
      }),
  };
}

function inWords<T>(path: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof ThriftError)) throw error;
    throw new InputError(
      `Cannot read ${path}: it is no whole Parquet file: ${error.message}; copy or write it again`,
    );
  }
}

function checkFooter(bytes: Bytes): { rows: number; chunks: Chunk[] } {
  const fail = (state: string) => new ThriftError(state);
  if (bytes.length < TAIL + 4) throw fail("it is too short");
  const tail = bytes.read(bytes.length - TAIL, bytes.length);
  if (new TextDecoder().decode(tail.subarray(4)) !== "PAR1") throw fail("its end is missing");
  const length = new DataView(tail.buffer, tail.byteOffset).getUint32(0, true);
  const start = bytes.length - TAIL - length;
  if (start < 4 || length > MAX_FOOTER) throw fail("its footer is larger than the file");
  const footer = readStruct(bytes.read(start, bytes.length - TAIL));
  const rows = wholeNumber(footer, 3, "its number of rows");
  if (rows > MAX_ROWS) throw fail(`it has ${rows} rows, more than can be read`);
  let sum = 0n;
  const chunks: Chunk[] = [];
  for (const group of structs(footer, 4, "its row groups")) {
    const own = wholeNumber(group, 3, "a row group's number of rows");
    sum += own;
    for (const column of structs(group, 1, "a row group's columns")) {
      const facts = column.get(3);
      if (!(facts instanceof Map)) throw fail("a column is not described");
      chunks.push(checkColumn(facts, BigInt(start), own === 0n));
    }
  }
  if (sum !== rows) throw fail(`its row groups have ${sum} rows, and it is said to have ${rows}`);
  return { rows: Number(rows), chunks };
}

/**
 * Checks what the footer says about a column.
 *
 * @param end Where the footer begins.
 * @param isEmpty Whether the row group has no rows: some writers then give position 0 for its values.
 */
function checkColumn(facts: Struct, end: bigint, isEmpty: boolean): Chunk {
  const values = wholeNumber(facts, 5, "a column's number of values");
  wholeNumber(facts, 6, "a column's size");
  const size = wholeNumber(facts, 7, "a column's size in the file");
  const data = wholeNumber(facts, 9, "a column's place");
  // Some writers give position 0 for a missing dictionary.
  const dictionary = facts.has(11) ? wholeNumber(facts, 11, "a dictionary's place") : 0n;
  const isNowhere = isEmpty && values === 0n && data === 0n;
  const begin = dictionary > 0n && (dictionary < data || isNowhere) ? dictionary : data;
  if (begin < 4n && !isNowhere || begin + size > end || data > end) {
    throw new ThriftError("a column lies outside of the file");
  }
  const path = facts.get(3), name = Array.isArray(path) ? path[0] : undefined;
  if (!(name instanceof Uint8Array)) throw new ThriftError("a column has no name");
  return {
    column: new TextDecoder().decode(name),
    values,
    start: Number(begin),
    end: Number(begin + size + SLACK < end ? begin + size + SLACK : end),
  };
}
