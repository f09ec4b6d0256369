/**
 * Points in time given by the user: in the unit of the data, or as a date.
 *
 * @module
 */
import pl, { type Expr, type Series } from "nodejs-polars";
import { InputError } from "../contract/errors.ts";
import { type DateUnit, PER_MILLISECOND } from "../contract/values/date_units.ts";
import { likelyUnit, writtenFormat } from "./units.ts";
import { parseTimestamps } from "./timestamps.ts";

/**
 * A point in time for {@link prepare}, {@link checkSchema} and {@link splitInteractions}: a number in the unit of the data's times, or
 * a date, such as `2024-05-01` or `2024-05-01T10:00:00+02:00`; UTC if there is no zone.
 */
export type PointInTime = number | string | Date;

/** A point in time in the unit of the data's times; whole numbers that a Number cannot hold exactly are a BigInt. */
export type TimeInUnit = number | bigint;

/** Patterns of decimal and whole numbers on a command line. */
const DECIMAL = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/, WHOLE = /^\s*[+-]?\d+\s*$/;

/**
 * Parses a point in time: numbers are kept, dates become ISO 8601 with the precision that was given.
 *
 * @param name What it is for, as in `--valid-from`.
 * @returns The point; whole numbers that a Number cannot hold exactly remain text.
 * @throws {InputError} if it is neither a number nor a date.
 */
export function parsePointInTime(point: PointInTime, name: string): number | string {
  if (typeof point === "number") return point;
  if (typeof point === "string" && DECIMAL.test(point)) {
    const found = numberOf(point);
    return typeof found === "bigint" ? String(found) : found;
  }
  const date = typeof point === "string" ? dateOf(point) : ofMilliseconds(point.getTime());
  if (date === undefined) {
    throw new InputError(
      `Cannot take "${point}" for ${name}: it is neither a number nor a date; write it as in ${name} 2024-05-01`,
    );
  }
  return isoOf(date);
}

/**
 * Converts a point in time to the unit of the data. If the times were dates, it is rounded up to the next whole unit.
 *
 * @param point A point as returned by {@link parsePointInTime}.
 * @param times The unit of the data's times; if it is not known, the largest time by absolute value, from which the unit follows.
 * @param doing What it is for, in messages.
 * @throws {InputError} for a date if the unit of the data's times is unknown.
 */
export function inUnitOf(
  times: DateUnit | number,
  point: number | string,
  doing = "split at",
): TimeInUnit {
  if (typeof point === "number") return point;
  if (WHOLE.test(point)) return numberOf(point);
  const named = typeof times === "number" ? likelyUnit(times) : times;
  if (named === undefined) {
    const format = writtenFormat(Number(times)),
      asDates = format && `read them as dates, by --time-format ${format}, or `;
    throw new InputError(
      `Cannot ${doing} ${
        pointSaid(point)
      }: the data's times, up to ${times}, are neither seconds nor milliseconds since 1970; ${
        asDates ?? ""
      }give the point in time as a number among them`,
    );
  }
  const unit = named === "seconds" ? 1e-3 : PER_MILLISECOND[named];
  const { count, unit: own } = dateOf(point)!, finer = unit / PER_MILLISECOND[own];
  if (finer >= 1) return asNumber(count * BigInt(finer));
  return typeof times === "number"
    ? Number(count) / PER_MILLISECOND[own] * unit
    : asNumber(wholeAndRest(count + BigInt(1 / finer) - 1n, BigInt(1 / finer))[0]);
}

/**
 * Whether a point in time is before another, as far as is known without the data: for two numbers, or two dates.
 *
 * @returns The answer; undefined for a number and a date, because only the data tell which number a date is.
 */
export function isBefore(point: PointInTime, other: PointInTime): boolean | undefined {
  const [a, b] = [point, other].map((one) => parsePointInTime(one, "a point in time"));
  if (isNumber(a) !== isNumber(b)) return undefined;
  return inUnitOf("nanoseconds", a) < inUnitOf("nanoseconds", b);
}

const isNumber = (point: number | string) => typeof point === "number" || WHOLE.test(point);

/** Formats a point in time for messages: midnight as the day alone. */
export const pointSaid = (point: PointInTime): string =>
  (point instanceof Date ? point.toISOString() : String(point)).replace(/T00:00:00(\.0+)?Z$/, "");

/** Whether a row's time is at or after the given time. */
export const isFrom = (time: TimeInUnit): Expr =>
  pl.col("timestamp").gtEq(typeof time === "number" ? pl.lit(time) : pl.lit(String(time)).cast(pl.Int64));

/** Returns one of the data's times. */
export const timeAt = (times: Series, index: number): TimeInUnit => {
  const time = times.slice(index, 1);
  return time.isFloat() ? time.get(0) : numberOf(time.cast(pl.String).get(0));
};

/** A date as a whole number of a unit since 1970. */
interface CountedDate {
  count: bigint;
  unit: DateUnit;
}

const ofMilliseconds = (time: number): CountedDate | undefined =>
  Number.isFinite(time) ? { count: BigInt(time), unit: "milliseconds" } : undefined;

/** Parses a date; undefined if the text is not a date. */
function dateOf(text: string): CountedDate | undefined {
  const { times, unit } = parseTimestamps(pl.Series("time", [text]));
  const [count] = times.cast(pl.String).toArray() as (string | null)[]; // as a number it would be rounded
  return unit === undefined || count === null ? undefined : { count: BigInt(count), unit };
}

function isoOf({ count, unit }: CountedDate): string {
  const per = BigInt(PER_MILLISECOND[unit]), [milliseconds, rest] = wholeAndRest(count, per);
  const iso = new Date(Number(milliseconds)).toISOString();
  return rest === 0n ? iso : iso.replace("Z", String(rest).padStart(String(per).length - 1, "0") + "Z");
}

/** Returns ⌊count / by⌋ and the remainder, also for times before 1970. */
function wholeAndRest(count: bigint, by: bigint): [whole: bigint, rest: bigint] {
  const rest = (count % by + by) % by;
  return [(count - rest) / by, rest];
}

/** Parses a number; whole numbers exactly. */
const numberOf = (text: string): TimeInUnit => WHOLE.test(text) ? asNumber(BigInt(text)) : Number(text);

/** Returns a Number if it is exact, or if the value is beyond 64 bits, as no time is; else the BigInt. */
const asNumber = (whole: bigint): TimeInUnit =>
  Number.isSafeInteger(Number(whole)) || BigInt.asIntN(64, whole) !== whole ? Number(whole) : whole;
