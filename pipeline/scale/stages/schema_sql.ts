/**
 * Types and faults of interactions in SQL.
 *
 * @module
 */
import type { ColumnRole } from "../../contract/stage/location.ts";
import type { RowFlaw } from "../../contract/stage/row_flaws.ts";
import { type DateUnit, PER_MILLISECOND } from "../../contract/values/date_units.ts";
import type { Decimal } from "../../contract/values/decimals.ts";
import { MAX_FLOAT32 } from "../../contract/values/float32.ts";
import type { Fault } from "../../schema/faults.ts";
import type { Replacement, TimeFormat } from "../../times/format.ts";
import { type DateFormat, DATES, HAS_MICROSECONDS, HAS_NANOSECONDS } from "../../times/timestamps.ts";
import { MILLISECONDS_ABOVE, MILLISECONDS_BEYOND_NANOSECONDS, SECONDS_ABOVE } from "../../times/units.ts";
import type { Dialect } from "../dialect.ts";
import { type Arrangement, timeOrder } from "./split_sql.ts";

/** Kind of time in a source: text to be parsed, numbers, or dates as whole microseconds or nanoseconds since 1970. */
export type SourceTime = "text" | "whole" | "number" | "microseconds" | "nanoseconds";

/** How times that are not dates are read: as whole numbers, or as doubles; with `whole`, doubles become whole numbers. */
type NumberReading = { kind: "whole" } | { kind: "number"; whole: boolean };

/** How times are read; for dates, also the resulting unit, and how many lose precision by it. */
export type TimeReading = NumberReading | DateReading & { unit: DateUnit; cut: number };

/** How dates are read: by a pattern of text, in a custom format, or as the source counts them. */
type DateReading =
  | { kind: "date"; date: DateFormat }
  | { kind: "format"; format: TimeFormat }
  | { kind: "counted"; as: "microseconds" | "nanoseconds" };

const WHOLE = /^[+-]?\d+$/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const NOT_FINITE = /^[+-]?([iI][nN][fF]([iI][nN][iI][tT][yY])?|[nN][aA][nN])$/;
/** Removes digits below a millisecond, which engines round in different ways: a time counts as the millisecond that it falls into. */
const TO_MILLISECOND: Replacement = { pattern: /(\.\d{3})\d+/, parts: [1] };

const isWhole = (d: Dialect, text: string) =>
  `(${d.matches(text, WHOLE)} AND ${d.tryWhole(text)} IS NOT NULL)`;
function asDouble(d: Dialect, text: string): string {
  const trimmed = d.trimmed(text), looks = [NUMBER, NOT_FINITE].map((look) => d.matches(trimmed, look));
  return `CASE WHEN ${looks.join(" OR ")} THEN ${d.tryDouble(trimmed)} END`;
}
/** Converts a text of a known pattern to ISO 8601 by replacements. */
function isoOf(d: Dialect, text: string, replacements: readonly Replacement[]): string {
  return replacements.reduce((text, replacement) => d.replaced(text, replacement), d.trimmed(text));
}
/** Converts a text that matches the pattern to a date. */
function asDate(
  d: Dialect,
  text: string,
  look: RegExp,
  replacements: readonly Replacement[],
  unit: DateUnit = "milliseconds",
): string {
  const iso = isoOf(d, text, replacements);
  const date = unit === "milliseconds"
    ? d.tryMilliseconds(d.replaced(iso, TO_MILLISECOND))
    : finelyDated(d, iso, unit);
  return `CASE WHEN ${d.matches(d.trimmed(text), look)} THEN ${date} END`;
}
/**
 * Converts a date more precisely than to milliseconds. Engines resolve times only to microseconds, so the digits after the point
 * are counted separately.
 */
function finelyDated(d: Dialect, iso: string, unit: DateUnit): string {
  const seconds = d.tryMilliseconds(d.replaced(iso, { pattern: /\.\d+/, parts: [] }));
  const digits = unit === "nanoseconds" ? 9 : 6;
  const fraction = `rpad(regexp_extract(${iso}, ${d.text("\\.(\\d+)")}, 1), ${digits}, '0')`;
  return `(${seconds} * ${PER_MILLISECOND[unit]} + cast(${fraction} AS BIGINT))`;
}
const isFinite = (d: Dialect, number: string, most = Number.MAX_VALUE) =>
  `(abs(${number}) <= ${d.double(most)})`;
/** Whether a number has no fraction and fits into 64 signed bits. */
const isIntegral = (d: Dialect, number: string) =>
  `(abs(${number}) < ${d.double(2 ** 63)} AND floor(${number}) = ${number})`;

/** Returns a query for the number of times, and of texts among them that are whole numbers: `present`, `whole`. */
export const wholeTimes = (d: Dialect, source: string, time: SourceTime): string =>
  `SELECT count(timestamp) AS present, ${
    d.countIf(time === "text" ? isWhole(d, "timestamp") : "false")
  } AS whole FROM ${source}`;

/** Returns a query for how many times can be read in each other way: `number`, `integral`, `date0` … */
export function otherTimes(d: Dialect, source: string, time: SourceTime): string {
  const number = time === "text" ? asDouble(d, "timestamp") : "cast(timestamp AS DOUBLE)";
  const count = (condition: string, as: string) => `${d.countIf(condition)} AS ${as}`;
  const facts = [
    count(`${number} IS NOT NULL`, "number"),
    count(isIntegral(d, number), "integral"),
    ...DATES.map(({ look, toIso }, i) =>
      count(time === "text" ? `${asDate(d, "timestamp", look, toIso)} IS NOT NULL` : "false", `date${i}`)
    ),
  ];
  return `SELECT ${facts.join(", ")} FROM ${source}`;
}

/**
 * Returns a query for the precision of dates: how many have microseconds (`us`), how many nanoseconds (`ns`), and how many are
 * `beyond` the range of nanoseconds.
 */
export function fineness(d: Dialect, source: string, reading: DateReading, time: SourceTime): string {
  const select = (us: string, ns: string, beyond: string) =>
    `SELECT ${d.countIf(us)} AS us, ${d.countIf(ns)} AS ns, ${d.countIf(beyond)} AS beyond FROM ${source}`;
  if (reading.kind === "counted") {
    const isNo = (multiple: number) => `timestamp % ${multiple} <> 0`;
    return reading.as === "nanoseconds"
      ? select(isNo(1e6), isNo(1e3), "false")
      : select(isNo(1e3), "false", "false");
  }
  const [look, replacements] = looked(reading), text = textOf(time);
  const date = asDate(d, text, look, replacements), iso = isoOf(d, text, replacements);
  const isFiner = (pattern: RegExp) => `${d.matches(iso, pattern)} AND ${date} IS NOT NULL`;
  return select(
    isFiner(HAS_MICROSECONDS),
    isFiner(HAS_NANOSECONDS),
    `abs(${date}) >= ${MILLISECONDS_BEYOND_NANOSECONDS}`,
  );
}

/** Determines from the row of {@link fineness} the unit of dates, and how many of them are `cut` to it. */
export function unitOf(
  { us, ns, beyond }: Record<"us" | "ns" | "beyond", number>,
): { unit: DateUnit; cut: number } {
  if (ns > 0 && beyond === 0) return { unit: "nanoseconds", cut: 0 };
  return { unit: us > 0 ? "microseconds" : "milliseconds", cut: ns };
}

const looked = (reading: Exclude<DateReading, { kind: "counted" }>): [RegExp, readonly Replacement[]] =>
  reading.kind === "date"
    ? [reading.date.look, reading.date.toIso]
    : [reading.format.look, reading.format.replacements];

/** The text that a format reads. */
const textOf = (time: SourceTime) => time === "text" ? "timestamp" : "cast(timestamp AS STRING)";

/**
 * Determines how times are read, from the rows of {@link wholeTimes} and {@link otherTimes}: the first way that reads every time,
 * else the first of those that read the most.
 *
 * @returns undefined if the second row is needed but missing.
 */
export function timeReading(
  facts: Record<string, number>,
  time: SourceTime,
): NumberReading | DateReading | undefined {
  const { present, whole, number, integral } = facts;
  if (time === "microseconds" || time === "nanoseconds") return { kind: "counted", as: time };
  if (time === "whole" || time === "text" && whole === present) return { kind: "whole" };
  if (number === undefined) return undefined;
  if (number === present) return { kind: "number", whole: integral === present };
  const dates = DATES.map((_, i) => facts[`date${i}`]), most = Math.max(...dates);
  if (most > number) return { kind: "date", date: DATES[dates.indexOf(most)] };
  // Values that are not times at all do not turn whole numbers into fractions.
  return whole === number ? { kind: "whole" } : { kind: "number", whole: integral === number };
}

/** Converts a time to the form of the dataset; null if it is not a time. */
function timeOf(d: Dialect, reading: TimeReading, time: SourceTime): string {
  if (reading.kind === "format") return asDate(d, textOf(time), ...looked(reading), reading.unit);
  if (time === "whole") return "timestamp";
  switch (reading.kind) {
    case "whole":
      return `CASE WHEN ${isWhole(d, "timestamp")} THEN ${d.tryWhole("timestamp")} END`;
    case "date":
      return asDate(d, "timestamp", ...looked(reading), reading.unit);
    case "counted": {
      const parts = PER_MILLISECOND[reading.as] / PER_MILLISECOND[reading.unit];
      return parts === 1 ? "timestamp" : d.quotient("timestamp", parts);
    }
    case "number": {
      const number = time === "number" ? "timestamp" : asDouble(d, "timestamp");
      return reading.whole ? `cast(${number} AS BIGINT)` : number;
    }
  }
}

/** Columns of a source, and how its times are read. */
interface SourceShape {
  hasRating: boolean;
  /** Whether ratings have a numeric type rather than text. */
  ratingIsNumber?: boolean;
  /** The decimal separator in ratings that are text. */
  decimal?: Decimal;
  time: SourceTime;
  reading: TimeReading;
}

/** Turns minus zero into zero: they are equal in every order, but would differ in a dataset's hash. */
const oneZero = (number: string, type: string) =>
  `CASE WHEN ${number} = 0 THEN cast(0 AS ${type}) ELSE ${number} END`;

/**
 * Returns a query for `user`, `item`, `rating`?, `timestamp` in their types, `source_row`, and `fault`: 0, or the position from 1
 * among `faults` of the row's first fault.
 *
 * @param source A table of `user`, `item`, `rating`? (text), `timestamp`, the flaws among `faults`, `source_row`.
 */
export function checked(d: Dialect, source: string, shape: SourceShape, faults: readonly Fault[]): string {
  const { hasRating, ratingIsNumber = false, decimal, time, reading } = shape;
  const parsed = timeOf(d, reading, time);
  const rating = ratingIsNumber ? "cast(rating AS DOUBLE)" : asDouble(d, ratingText(decimal));
  const isDouble = reading.kind === "number" && !reading.whole;
  const conditions = faults.map((fault, i) => `WHEN ${conditionOf(d, fault, shape, isDouble)} THEN ${i + 1}`);
  const columns = [
    "user",
    "item",
    ...(hasRating ? ["rating", `${rating} AS rating_number`] : []),
    "timestamp",
    `${parsed} AS time`,
    "source_row",
    ...faults.flatMap(({ flaw }) => flaw ?? []),
  ];
  return `SELECT user, item, ${hasRating ? `${oneZero(d.float("rating_number"), "FLOAT")} AS rating, ` : ""}
      ${isDouble ? oneZero("time", "DOUBLE") : "time"} AS timestamp, source_row,
      CASE ${conditions.join(" ")} ELSE 0 END AS fault
    FROM (SELECT ${columns.join(", ")} FROM ${source}) parsed`;
}

/** Returns a rating with a decimal point. A text that already contains a point, as a thousands separator, is then not a number. */
const ratingText = (decimal: Decimal = "point") =>
  decimal === "comma" ? "translate(rating, ',.', '.,')" : "rating";

/** Whether a row has a fault. */
function conditionOf(
  d: Dialect,
  { kind, role, flaw }: Fault,
  { time, ratingIsNumber }: SourceShape,
  isDouble: boolean,
): string {
  switch (kind) {
    case "flaw":
      return flaw;
    case "missing":
      return role === "timestamp" && time !== "text" || role === "rating" && ratingIsNumber
        ? `${role} IS NULL`
        : isMissing(role);
    case "not a number":
      return role === "timestamp"
        ? "time IS NULL"
        : `(rating_number IS NULL OR NOT ${isFinite(d, "rating_number", MAX_FLOAT32)})`;
    case "not finite":
      return isDouble ? `NOT ${isFinite(d, "time")}` : "false";
  }
}

const isMissing = (role: ColumnRole) => `(${role} IS NULL OR ${role} = '')`;

/**
 * Whether a row has a user and an item, given the words for missing values; also true for a row with a flaw, which is handled
 * elsewhere.
 */
export function isNamed(d: Dialect, words: readonly string[], flaws: readonly RowFlaw[]): string {
  const listed = ["", ...words].map((word) => d.text(word)).join(", ");
  const isThere = (role: ColumnRole) => `coalesce(${role} NOT IN (${listed}), false)`;
  return [`(${isThere("user")} AND ${isThere("item")})`, ...flaws].join(" OR ");
}

/** Returns a query for one row per user and item: the first or the last in their final order; or per user, item and time, the last. */
export function withoutDuplicates(
  rows: string,
  columns: readonly string[],
  keep: "same-time" | "first" | "last",
  order: Pick<Arrangement, "ties" | "hasRating">,
): string {
  const [same, from] = keep === "same-time"
    ? ["user, item, timestamp", "last" as const]
    : ["user, item", keep];
  return `SELECT ${columns.join(", ")} FROM (
      SELECT *, row_number() OVER (PARTITION BY ${same} ORDER BY ${
    timeOrder(order, from)
  }) AS occurrence FROM ${rows}
    ) numbered WHERE occurrence = 1`;
}

/**
 * Returns a query for how many times look like milliseconds (`ms`) or seconds (`s`); and `equal`: 1 if there are several rows and
 * all have the same time.
 */
export function timeFacts(d: Dialect, rows: string): string {
  // The smallest whole number has no absolute value of its type, hence the doubles.
  const above = (bound: number) => `abs(cast(timestamp AS DOUBLE)) > ${d.double(bound)}`;
  return `SELECT ${d.countIf(above(MILLISECONDS_ABOVE))} AS ms, ` +
    `${d.countIf(`${above(SECONDS_ABOVE)} AND NOT ${above(MILLISECONDS_ABOVE)}`)} AS s, ` +
    `CASE WHEN min(timestamp) = max(timestamp) AND count(*) > 1 THEN 1 ELSE 0 END AS equal FROM ${rows}`;
}

type Dates = Extract<SourceTime, "microseconds" | "nanoseconds">;

const areDates = (time: SourceTime): time is Dates => time === "microseconds" || time === "nanoseconds";

/**
 * Returns the kind of all times together: dates stay dates, and numbers of one type stay numbers; dates next to other kinds become
 * whole milliseconds; numbers of different types, or next to text, become text.
 */
export function timeTogether(times: ReadonlySet<SourceTime>): SourceTime {
  const all = [...times];
  if (all.every(areDates)) return times.has("microseconds") ? "microseconds" : "nanoseconds";
  const others = new Set(all.map((time) => areDates(time) ? "whole" : time));
  return others.size > 1 ? "text" : [...others][0];
}

/**
 * Converts a file's times to the common kind `together`.
 *
 * @param time The file's own times; for dates, the number of their units since 1970.
 */
export function timeAmong(d: Dialect, time: string, own: SourceTime, together: SourceTime): string {
  if (own === together) return time;
  if (areDates(own) && areDates(together)) {
    return d.floored(time, PER_MILLISECOND[own] / PER_MILLISECOND[together]);
  }
  const number = areDates(own) ? d.floored(time, PER_MILLISECOND[own]) : time;
  return together === "text" ? `cast(${number} AS STRING)` : number;
}
