/**
 * In which unit times are, seen from how large they are.
 *
 * @module
 */
import { type DateUnit, millisecondsIn } from "../contract/values/date_units.ts";

/** Times since 1970 in seconds lie about 10⁹, in milliseconds about 10¹²: between what and what, hardly anything else is. */
export const SECONDS_ABOVE = 1e8, MILLISECONDS_ABOVE = 1e11;
const MICROSECONDS_ABOVE = 1e14, NANOSECONDS_ABOVE = 1e17;

/** From here on, before and after 1970, nanoseconds do not fit into 64 bits: the years 1677 and 2262. */
export const MILLISECONDS_BEYOND_NANOSECONDS = 9_223_372_036_854;

/** A year of these centuries, a month, a day, and perhaps hours, minutes, seconds, one behind the other. */
const WRITTEN =
  /^(?:19|20|21)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:(?:[01]\d|2[0-3])[0-5]\d([0-5]\d)?)?$/;

/**
 * How a number is read that is no count of anything, but a date that was written without marks, as 20240131 is.
 *
 * @returns A format as `--time-format` takes it; undefined where it is none.
 */
export function writtenFormat(time: number): string | undefined {
  const text = String(time);
  if (!WRITTEN.test(text)) return undefined;
  return "%Y%m%d%H%M%S".slice(0, text.length - 2);
}

/**
 * In which unit the data's times are, which may be no dates at all.
 *
 * @param largest The largest of them, by its absolute value.
 * @returns undefined where it is none of seconds, milliseconds, microseconds and nanoseconds since 1970.
 */
export function likelyUnit(largest: number): "seconds" | DateUnit | undefined {
  if (writtenFormat(largest) !== undefined) return undefined;
  if (largest > NANOSECONDS_ABOVE) return "nanoseconds";
  if (largest > MICROSECONDS_ABOVE) return "microseconds";
  if (largest > MILLISECONDS_ABOVE) return "milliseconds";
  return largest > SECONDS_ABOVE ? "seconds" : undefined;
}

/** When times begin and end, as dates to the second. */
export interface DateSpan {
  unit: "seconds" | DateUnit;
  firstDate: string;
  lastDate: string;
}

/**
 * From when to when times go; undefined where they are no dates.
 *
 * @param told In which unit they are, where they were dates.
 */
export function dateSpan(first: number, last: number, told?: DateUnit): DateSpan | undefined {
  // What begins before 1970 was told to be dates, or is none.
  const unit = told ?? (first < 0 ? undefined : likelyUnit(last));
  if (unit === undefined) return undefined;
  const date = (time: number) => new Date(time * millisecondsIn(unit)).toISOString().replace(/\.\d+Z$/, "Z");
  return { unit, firstDate: date(first), lastDate: date(last) };
}
