/**
 * Infers the unit of times from their size.
 *
 * @module
 */
import { type DateUnit, millisecondsIn } from "../contract/values/date_units.ts";

/**
 * Numbers above these are taken for seconds or milliseconds since 1970. Such times are about 10⁹ in seconds and about 10¹² in
 * milliseconds, and hardly anything else is in these ranges.
 */
export const SECONDS_ABOVE = 1e8, MILLISECONDS_ABOVE = 1e11;
const MICROSECONDS_ABOVE = 1e14, NANOSECONDS_ABOVE = 1e17;

/** From here on, before and after 1970, nanoseconds do not fit into 64 bits: in the years 1677 and 2262. */
export const MILLISECONDS_BEYOND_NANOSECONDS = 9_223_372_036_854;

/** A year of these centuries, a month, a day, and possibly hours, minutes and seconds, without separators. */
const WRITTEN =
  /^(?:19|20|21)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:(?:[01]\d|2[0-3])[0-5]\d([0-5]\d)?)?$/;

/**
 * Recognizes a number that is not a count but a date written without separators, such as 20240131.
 *
 * @returns A format for `--time-format`; undefined if it is not such a date.
 */
export function writtenFormat(time: number): string | undefined {
  const text = String(time);
  if (!WRITTEN.test(text)) return undefined;
  return "%Y%m%d%H%M%S".slice(0, text.length - 2);
}

/**
 * Infers the unit of the data's times, which may not be dates at all.
 *
 * @param largest The largest time by absolute value.
 * @returns The unit; undefined if it is none of seconds, milliseconds, microseconds and nanoseconds since 1970.
 */
export function likelyUnit(largest: number): "seconds" | DateUnit | undefined {
  if (writtenFormat(largest) !== undefined) return undefined;
  if (largest > NANOSECONDS_ABOVE) return "nanoseconds";
  if (largest > MICROSECONDS_ABOVE) return "microseconds";
  if (largest > MILLISECONDS_ABOVE) return "milliseconds";
  return largest > SECONDS_ABOVE ? "seconds" : undefined;
}

/** The first and last time, as dates to the second. */
export interface DateSpan {
  unit: "seconds" | DateUnit;
  firstDate: string;
  lastDate: string;
}

/**
 * Returns the range of times; undefined if they are not dates.
 *
 * @param told The unit of the times, if they were dates.
 */
export function dateSpan(first: number, last: number, told?: DateUnit): DateSpan | undefined {
  // Times that begin before 1970 are dates only if their unit is given.
  const unit = told ?? (first < 0 ? undefined : likelyUnit(last));
  if (unit === undefined) return undefined;
  const date = (time: number) => new Date(time * millisecondsIn(unit)).toISOString().replace(/\.\d+Z$/, "Z");
  return { unit, firstDate: date(first), lastDate: date(last) };
}
