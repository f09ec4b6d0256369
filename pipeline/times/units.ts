/**
 * In which unit times are, seen from how large they are.
 *
 * @module
 */

import type { DateUnit } from "../contract/values/date_units.ts";

/** Times since 1970 in seconds lie about 10⁹, in milliseconds about 10¹²: between what and what, hardly anything else is. */
export const SECONDS_ABOVE = 1e8, MILLISECONDS_ABOVE = 1e11;
const MICROSECONDS_ABOVE = 1e14, NANOSECONDS_ABOVE = 1e17;

/** From here on, before and after 1970, nanoseconds do not fit into 64 bits: the years 1677 and 2262. */
export const MILLISECONDS_BEYOND_NANOSECONDS = 9_223_372_036_854;

/**
 * In which unit the data's times are, which may be no dates at all.
 *
 * @param largest The largest of them, by its absolute value.
 * @returns undefined where it is none of seconds, milliseconds, microseconds and nanoseconds since 1970.
 */
export function likelyUnit(largest: number): "seconds" | DateUnit | undefined {
  if (largest > NANOSECONDS_ABOVE) return "nanoseconds";
  if (largest > MICROSECONDS_ABOVE) return "microseconds";
  if (largest > MILLISECONDS_ABOVE) return "milliseconds";
  return largest > SECONDS_ABOVE ? "seconds" : undefined;
}
