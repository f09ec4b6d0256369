/**
 * The units of times that were dates. The code that read the dates knows the unit and passes it on, so that nobody has to guess it.
 *
 * @module
 */
import type { Series } from "nodejs-polars";

/**
 * The unit of times that were dates, counted since 1970: as fine as the finest of them. {@link checkSchema} finds it, the
 * {@link Manifest} keeps it.
 */
export type DateUnit = "milliseconds" | "microseconds" | "nanoseconds";

export const DATE_UNITS = [
  "milliseconds",
  "microseconds",
  "nanoseconds",
] as const satisfies readonly DateUnit[];

/** Number of units in a millisecond. */
export const PER_MILLISECOND: Readonly<Record<DateUnit, number>> = {
  milliseconds: 1,
  microseconds: 1e3,
  nanoseconds: 1e6,
};

/** Number of milliseconds in a unit. */
export const millisecondsIn = (unit: "seconds" | DateUnit): number =>
  unit === "seconds" ? 1e3 : 1 / PER_MILLISECOND[unit];

/** Whether a column holds dates, with or without a time of day. */
export const isDate = ({ dtype }: Series): boolean =>
  (dtype.variant as string) === "Datetime" || (dtype.variant as string) === "Date";
