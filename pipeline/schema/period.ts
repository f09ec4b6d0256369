/**
 * Interactions within a period: from one point in time on, and before another.
 *
 * @module
 */
import { InputError } from "../contract/errors.ts";
import type { DroppedRows } from "../contract/stage/dropped.ts";
import type { DateUnit } from "../contract/values/date_units.ts";
import { dateSpan } from "../times/units.ts";
import {
  inUnitOf,
  isBefore,
  parsePointInTime,
  type PointInTime,
  pointSaid,
  type TimeInUnit,
} from "../times/point_in_time.ts";

/** A period as given by the user. */
export interface NamedPeriod {
  timeFrom?: PointInTime;
  timeBefore?: PointInTime;
}

/** The same in the unit of the data's times; undefined for an open end. */
export interface Period {
  from?: TimeInUnit;
  before?: TimeInUnit;
}

/**
 * Returns the requested period; undefined if it includes all times.
 *
 * @param times The unit of the data's times; or a function that returns the largest of them by absolute value, from which the unit follows.
 * @throws {InputError} if a point in time is invalid, or the period is empty.
 */
export async function periodOf(
  { timeFrom, timeBefore }: NamedPeriod,
  times: DateUnit | (() => number | Promise<number>),
): Promise<Period | undefined> {
  if (timeFrom === undefined && timeBefore === undefined) return undefined;
  const unit = typeof times === "function" ? await times() : times;
  const pointOf = (point: PointInTime | undefined, name: string) =>
    point === undefined ? undefined : inUnitOf(unit, parsePointInTime(point, name), `apply ${name}`);
  const from = pointOf(timeFrom, "--time-from"), before = pointOf(timeBefore, "--time-before");
  if (from !== undefined && before !== undefined && from >= before) throw noPeriod(timeFrom!, timeBefore!);
  return { from, before };
}

/** @throws {InputError} if the period is empty, as far as is known without the data. */
export function checkPeriod({ timeFrom, timeBefore }: NamedPeriod): void {
  if (timeFrom === undefined || timeBefore === undefined) return;
  if (isBefore(timeFrom, timeBefore) === false) throw noPeriod(timeFrom, timeBefore);
}

const noPeriod = (timeFrom: PointInTime, timeBefore: PointInTime): InputError =>
  new InputError(
    `Cannot keep a period from ${pointSaid(timeFrom)} (--time-from) until before ${
      pointSaid(timeBefore)
    } (--time-before): it has to ` +
      "end later than it begins",
  );

/** Rows dropped because they are outside the period. */
export const outside = (
  { timeFrom, timeBefore }: NamedPeriod,
  rows: Record<"early" | "late", number>,
): DroppedRows[] => [
  ...(timeFrom === undefined ? [] : [{
    reason: `earlier than ${pointSaid(timeFrom)}`,
    rows: rows.early,
    option: optionOf("timeFrom", timeFrom),
  }]),
  ...(timeBefore === undefined ? [] : [{
    reason: `from ${pointSaid(timeBefore)} on`,
    rows: rows.late,
    option: optionOf("timeBefore", timeBefore),
  }]),
];

/** Describes the range of the data's times if none is in the period. */
export function timesSaid(first: number, last: number, unit: DateUnit | undefined): string {
  const span = dateSpan(first, last, unit);
  return `their times go from ${pointSaid(span?.firstDate ?? first)} to ${pointSaid(span?.lastDate ?? last)}`;
}

const optionOf = (name: string, point: PointInTime) => ({ name, value: pointSaid(point) });
