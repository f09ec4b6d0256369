/**
 * What times are counted in where they were dates: known to whoever read them, and guessed by nobody who is told.
 *
 * @module
 */
import type { Series } from "nodejs-polars";

/** What times that were dates are counted in, since 1970: as finely as the finest of them. {@link checkSchema} finds it, the {@link Manifest} keeps it. */
export type DateUnit = "milliseconds" | "microseconds" | "nanoseconds";

export const DATE_UNITS = [
  "milliseconds",
  "microseconds",
  "nanoseconds",
] as const satisfies readonly DateUnit[];

/** How many of a unit are a millisecond. */
export const PER_MILLISECOND: Readonly<Record<DateUnit, number>> = {
  milliseconds: 1,
  microseconds: 1e3,
  nanoseconds: 1e6,
};

/** How many milliseconds are a unit. */
export const millisecondsIn = (unit: "seconds" | DateUnit): number =>
  unit === "seconds" ? 1e3 : 1 / PER_MILLISECOND[unit];

/** Whether a column holds dates, with or without a time of day. */
export const isDate = ({ dtype }: Series): boolean =>
  (dtype.variant as string) === "Datetime" || (dtype.variant as string) === "Date";
