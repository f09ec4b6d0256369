/**
 * Differences between engines in the SQL that we write. Everything else in `text/` is the same for all of them.
 *
 * @module
 */
import { MAX_FLOAT32 } from "../contract/values/float32.ts";
import type { Replacement } from "../times/format.ts";

/** SQL dialect of an engine. Arguments and results are SQL expressions. */
export interface Dialect {
  /** A string literal. */
  text(value: string): string;
  /** A literal of type double, even for a whole number. */
  double(value: number): string;
  /** A quoted identifier, which may contain any character. */
  name(value: string): string;
  /** A whole number divided by one of its divisors. */
  quotient(a: string, by: number): string;
  /** ⌊a / by⌋ of whole numbers, including negative ones. */
  floored(a: string, by: number): string;
  /** Text as a 64-bit whole number or a double; null if it is neither. Accepts more than we do, so guard it with {@link matches}. */
  tryWhole(a: string): string;
  tryDouble(a: string): string;
  /** A text without surrounding white space, as Polars strips it. */
  trimmed(a: string): string;
  /**
   * Text of a date or a point in time, with at most three decimals and in UTC if it has no time zone, as milliseconds since 1970;
   * null if it is neither.
   */
  tryMilliseconds(a: string): string;
  /** Whether any part of a text matches a regular expression. */
  matches(a: string, pattern: RegExp): string;
  /** A text in which the first match is replaced. */
  replaced(a: string, replacement: Replacement): string;
  /** A double as a 32-bit float; values too large for one become infinite. */
  float(a: string): string;
  /** Number of rows that satisfy a condition. */
  countIf(condition: string): string;
  /** Sum of whole numbers as a 64-bit one, as an aggregate or over a window. */
  sum(a: string, window?: string): string;
  /** Whether a value falls into a sample of one in `n`, the same for equal values. */
  sampled(a: string, n: number): string;
  /** Hint after SELECT: these tables are small, so every task gets them whole. */
  small(...tables: string[]): string;
  /** Clause after FROM: rows with equal values go to the same task. */
  together(column: string): string;
  /** Labels of `n` parts, ascending: if rows are grouped by these labels, each part gets a task of its own. */
  labels(n: number): number[];
  /** The number at a position, from 0. */
  nth(numbers: readonly number[], place: string): string;
}

const partsOf = (
  parts: Replacement["parts"],
  group: (number: number) => string,
  text: (text: string) => string,
) => parts.map((part) => typeof part === "number" ? group(part) : text(part)).join("");

/** White space as in Unicode and Polars, including the non-breaking spaces in Excel's exports. */
const WHITE_SPACE =
  "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000";

/** The UTC offset after a time, in hours and minutes. */
const DISTANCE = /([+-])(\d{2}):?(\d{2})$/;

/** Dialect of Spark. */
export const SPARK: Dialect = {
  text: (value) => `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`,
  double: (value) => `${value}D`,
  name: (value) => `\`${value.replaceAll("`", "``")}\``,
  quotient: (a, by) => `((${a}) div ${by})`,
  floored: (a, by) => `((${a} - pmod(${a}, ${by})) div ${by})`,
  tryWhole: (a) => `try_cast(${a} AS BIGINT)`,
  tryDouble: (a) => `try_cast(${a} AS DOUBLE)`,
  trimmed: (a) => `trim(BOTH ${SPARK.text(WHITE_SPACE)} FROM ${a})`,
  // Spark supports no offset beyond 18 hours.
  tryMilliseconds: (a) => {
    const pattern = SPARK.text(DISTANCE.source),
      part = (i: number) => `regexp_extract(${a}, ${pattern}, ${i})`;
    const [hours, minutes] = [2, 3].map((i) => `cast(concat(${part(1)}, ${part(i)}) AS INT)`);
    const local = `unix_millis(try_cast(regexp_replace(${a}, ${pattern}, 'Z') AS TIMESTAMP))`;
    return `CASE WHEN ${SPARK.matches(a, DISTANCE)} THEN ${local} - (${hours} * 60 + ${minutes}) * 60000L ` +
      `ELSE unix_millis(try_cast(${a} AS TIMESTAMP)) END`;
  },
  matches: (a, pattern) => `(${a} RLIKE ${SPARK.text(pattern.source)})`,
  // Java takes all digits after a group reference as part of its number, so each character of the text is escaped.
  replaced: (a, { pattern, parts }) =>
    `regexp_replace(${a}, ${SPARK.text(pattern.source)}, ${
      SPARK.text(partsOf(parts, (group) => `$${group}`, (text) => text.replaceAll(/./gs, "\\$&")))
    })`,
  float: (a) => `cast(${a} AS FLOAT)`,
  countIf: (condition) => `count_if(${condition})`,
  sum: (a, window) => window === undefined ? `sum(${a})` : `(sum(${a}) OVER ${window})`,
  sampled: (a, n) => `pmod(xxhash64(${a}), ${n}) = 0`,
  small: (...tables) => `/*+ BROADCAST(${tables.join(", ")}) */`,
  together: (column) => `DISTRIBUTE BY ${column}`,
  labels: taskLabels,
  nth: (numbers, place) => `element_at(array(${numbers.join(", ")}), ${place} + 1)`,
};

/** The time zone after a time, as `Z` or a UTC offset. */
const ZONE = /(Z|[+-]\d{2}:?\d{2})$/;

const INFINITY = "cast('Infinity' AS DOUBLE)";

/** Dialect of DuckDB. */
export const DUCKDB: Dialect = {
  text: (value) => `'${value.replaceAll("'", "''")}'`,
  // With an exponent, the literal is a double from the start, not a decimal.
  double: (value) => `cast(${value.toExponential()} AS DOUBLE)`,
  name: (value) => `"${value.replaceAll('"', '""')}"`,
  quotient: (a, by) => `((${a}) // ${by})`,
  floored: (a, by) => `((${a} - (${a} % ${by} + ${by}) % ${by}) // ${by})`,
  tryWhole: (a) => `try_cast(${a} AS BIGINT)`,
  tryDouble: (a) => `try_cast(${a} AS DOUBLE)`,
  trimmed: (a) => `trim(${a}, ${DUCKDB.text(WHITE_SPACE)})`,
  tryMilliseconds: (a) =>
    `CASE WHEN ${DUCKDB.matches(a, ZONE)} THEN epoch_ms(try_cast(${a} AS TIMESTAMPTZ)) ` +
    `ELSE epoch_ms(try_cast(${a} AS TIMESTAMP)) END`,
  matches: (a, pattern) => `regexp_matches(${a}, ${DUCKDB.text(pattern.source)})`,
  replaced: (a, { pattern, parts }) =>
    `regexp_replace(${a}, ${DUCKDB.text(pattern.source)}, ${
      DUCKDB.text(partsOf(parts, (group) => `\\${group}`, (text) => text.replaceAll("\\", "\\\\")))
    })`,
  float: (a) =>
    `CASE WHEN abs(${a}) > ${DUCKDB.double(MAX_FLOAT32)} THEN cast(sign(${a}) * ${INFINITY} AS FLOAT) ` +
    `ELSE cast(${a} AS FLOAT) END`,
  countIf: (condition) => `count(*) FILTER (WHERE ${condition})`,
  // DuckDB sums 64-bit numbers to 128-bit ones.
  sum: (a, window) => `cast(sum(${a})${window === undefined ? "" : ` OVER ${window}`} AS BIGINT)`,
  sampled: (a, n) => `hash(${a}) % ${n} = 0`,
  // On one machine, every task sees all tables anyway.
  small: () => "",
  together: () => "",
  labels: (n) => Array.from({ length: n }, (_, i) => i),
  nth: (numbers, place) =>
    numbers.every((number, i) => number === i) ? place : `[${numbers.join(", ")}][${place} + 1]`,
};

/** Spark's seed for hashing a row. */
const SEED = 42;

const rotated = (value: number, bits: number) => value << bits | value >>> (32 - bits);

/** Computes the Murmur3 hash (x86, 32 bits) of a 32-bit number, as Spark does. */
export function sparkHash(value: number): number {
  const word = Math.imul(rotated(Math.imul(value, 0xcc9e2d51), 15), 0x1b873593);
  let hash = Math.imul(rotated(SEED ^ word, 13), 5) + 0xe6546b64 ^ 4; // number of bytes
  hash = Math.imul(hash ^ hash >>> 16, 0x85ebca6b);
  hash = Math.imul(hash ^ hash >>> 13, 0xc2b2ae35);
  return hash ^ hash >>> 16;
}

const known = new Map<number, number[]>();

/**
 * Returns n ascending numbers, each of which goes to a different one of n tasks.
 *
 * @example
 * ```ts
 * import { taskLabels } from "./dialect.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(taskLabels(4), [0, 2, 6, 12]);
 * ```
 */
export function taskLabels(n: number): number[] {
  const labels = known.get(n) ?? [], taken = new Set<number>();
  for (let label = 0; labels.length < n; label++) {
    const task = (sparkHash(label) % n + n) % n;
    if (taken.has(task)) continue;
    taken.add(task);
    labels.push(label);
  }
  known.set(n, labels);
  return labels;
}
