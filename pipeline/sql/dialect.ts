/**
 * What differs between engines in the SQL that we write. All else in `text/` is common to them.
 *
 * @module
 */
import { MAX_FLOAT32 } from "../contract/values/float32.ts";
import type { Replacement } from "../times/format.ts";
import { taskLabels } from "./task_labels.ts";

/** SQL of one engine. Arguments and results are SQL expressions. */
export interface Dialect {
  /** A text as a literal. */
  text(value: string): string;
  /** A number as a literal of type double, whatever it looks like. */
  double(value: number): string;
  /** A name that may hold anything. */
  name(value: string): string;
  /** A whole number divided by one that it is a multiple of. */
  quotient(a: string, by: number): string;
  /** ⌊a / by⌋ of whole numbers, below 0 too. */
  floored(a: string, by: number): string;
  /** Text as a 64-bit whole number or a double; null where it is none. Of looser looks than ours: guard it by {@link matches}. */
  tryWhole(a: string): string;
  tryDouble(a: string): string;
  /** A text without white space around it: what Polars strips. */
  trimmed(a: string): string;
  /** Text of a date or a point in time, of at most three decimals, without zone in UTC, as milliseconds since 1970; null where it is none. */
  tryMilliseconds(a: string): string;
  /** Whether some part of a text fits a regular expression. */
  matches(a: string, pattern: RegExp): string;
  /** A text in which the first part that fits is replaced. */
  replaced(a: string, replacement: Replacement): string;
  /** A double as a 32-bit number: what is too large for one becomes infinite. */
  float(a: string): string;
  /** How many rows fulfil a condition. */
  countIf(condition: string): string;
  /** Aggregate: a sum of whole numbers as a 64-bit one; over a window, where one is named. */
  sum(a: string, window?: string): string;
  /** Whether a value falls into a sample of one in `n`, the same for equal values. */
  sampled(a: string, n: number): string;
  /** Hint behind SELECT: these tables are small, every task gets them whole. */
  small(...tables: string[]): string;
  /** Clause behind FROM: rows of equal values go to the same task. */
  together(column: string): string;
  /** What `n` parts are called, ascending: where rows are gathered by these names, each part has a task of its own. */
  labels(n: number): number[];
  /** The number at a place, from 0. */
  nth(numbers: readonly number[], place: string): string;
}

const partsOf = (
  parts: Replacement["parts"],
  group: (number: number) => string,
  text: (text: string) => string,
) => parts.map((part) => typeof part === "number" ? group(part) : text(part)).join("");

/** White space as Unicode and Polars have it: the hard spaces of Excel's exports among it. */
const WHITE_SPACE =
  "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000";

/** Behind a text's time: its distance from UTC in hours and minutes. */
const DISTANCE = /([+-])(\d{2}):?(\d{2})$/;

/** Spark's. */
export const SPARK: Dialect = {
  text: (value) => `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`,
  double: (value) => `${value}D`,
  name: (value) => `\`${value.replaceAll("`", "``")}\``,
  quotient: (a, by) => `((${a}) div ${by})`,
  floored: (a, by) => `((${a} - pmod(${a}, ${by})) div ${by})`,
  tryWhole: (a) => `try_cast(${a} AS BIGINT)`,
  tryDouble: (a) => `try_cast(${a} AS DOUBLE)`,
  trimmed: (a) => `trim(BOTH ${SPARK.text(WHITE_SPACE)} FROM ${a})`,
  // It knows no distance beyond 18 hours.
  tryMilliseconds: (a) => {
    const pattern = SPARK.text(DISTANCE.source),
      part = (i: number) => `regexp_extract(${a}, ${pattern}, ${i})`;
    const [hours, minutes] = [2, 3].map((i) => `cast(concat(${part(1)}, ${part(i)}) AS INT)`);
    const local = `unix_millis(try_cast(regexp_replace(${a}, ${pattern}, 'Z') AS TIMESTAMP))`;
    return `CASE WHEN ${SPARK.matches(a, DISTANCE)} THEN ${local} - (${hours} * 60 + ${minutes}) * 60000L ` +
      `ELSE unix_millis(try_cast(${a} AS TIMESTAMP)) END`;
  },
  matches: (a, pattern) => `(${a} RLIKE ${SPARK.text(pattern.source)})`,
  // Of a group's number Java takes all digits behind it: texts are marked letter by letter.
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

/** Behind a text's time: its distance from UTC. */
const ZONE = /(Z|[+-]\d{2}:?\d{2})$/;

const INFINITY = "cast('Infinity' AS DOUBLE)";

/** DuckDB's. */
export const DUCKDB: Dialect = {
  text: (value) => `'${value.replaceAll("'", "''")}'`,
  // With an exponent it is a double from the beginning, not a decimal number.
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
  // Of 64-bit numbers it makes 128-bit sums.
  sum: (a, window) => `cast(sum(${a})${window === undefined ? "" : ` OVER ${window}`} AS BIGINT)`,
  sampled: (a, n) => `hash(${a}) % ${n} = 0`,
  // One machine: every task sees all tables anyway.
  small: () => "",
  together: () => "",
  labels: (n) => Array.from({ length: n }, (_, i) => i),
  nth: (numbers, place) =>
    numbers.every((number, i) => number === i) ? place : `[${numbers.join(", ")}][${place} + 1]`,
};
