/**
 * Points in time that a person names: as the data have them, or as a date.
 *
 * @module
 */
import pl from "nodejs-polars";
import { InputError } from "../contract/errors.ts";
import { type DateUnit, PER_MILLISECOND } from "../contract/date_units.ts";
import { perMillisecond } from "./units.ts";
import { parseTimestamps } from "./timestamps.ts";

/**
 * A point in time, as {@link prepare} and {@link splitInteractions} take it: a number in the unit of the data's times, or a date, as in
 * `2024-05-01` or `2024-05-01T10:00:00+02:00`; without a zone of UTC.
 */
export type PointInTime = number | string | Date;

/** Whole and decimal numbers, as a command line has them. */
const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/;

/**
 * A number as it is, a date as ISO 8601.
 *
 * @param name What it is for, as in `--valid-from`.
 * @throws {InputError} if it is neither.
 */
export function parsePointInTime(point: PointInTime, name: string): number | string {
  if (typeof point === "number") return point;
  if (typeof point === "string" && NUMBER.test(point)) return Number(point);
  const time = point instanceof Date ? point.getTime() : millisecondsOf(point);
  if (!Number.isFinite(time)) {
    throw new InputError(
      `Cannot take "${point}" for ${name}: it is neither a number nor a date; write it as in ${name} 2024-05-01`,
    );
  }
  return new Date(time).toISOString();
}

/**
 * A point in time in the unit of the data.
 *
 * @param point As {@link parsePointInTime} gives it.
 * @param times In which unit they are; where that is not known, the largest of them, by its absolute value: the unit follows from it.
 * @throws {InputError} for a date where the data's times are not of a unit that is known.
 */
export function inUnitOf(times: DateUnit | number, point: number | string): number {
  if (typeof point === "number") return point;
  const unit = typeof times === "number" ? perMillisecond(times) : PER_MILLISECOND[times];
  if (unit !== undefined) return millisecondsOf(point) * unit;
  throw new InputError(
    `Cannot split at ${point}: the data's times, up to ${times}, are neither seconds nor milliseconds since 1970; give the point in ` +
      "time as a number among them",
  );
}

/** NaN where a text is no date. */
const millisecondsOf = (text: string): number => {
  const { times, unit = "milliseconds" } = parseTimestamps(pl.Series("time", [text]));
  const [time] = times.toArray() as (number | bigint | null)[];
  return time === null ? NaN : Math.floor(Number(time) / PER_MILLISECOND[unit]);
};
