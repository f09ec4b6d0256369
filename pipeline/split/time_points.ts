/**
 * The two points in time of a `global-time` split: given, or determined by shares of all rows.
 *
 * @module
 */
import pl from "nodejs-polars";
import { InputError } from "../contract/errors.ts";
import type { DataFrame } from "../contract/frame.ts";
import type { DateUnit } from "../contract/values/date_units.ts";
import { dateSpan } from "../times/units.ts";
import {
  inUnitOf,
  isBefore,
  parsePointInTime,
  type PointInTime,
  pointSaid,
  timeAt,
  type TimeInUnit,
} from "../times/point_in_time.ts";

/** The start times of validation and test. */
export interface TimePoints {
  validFrom: TimeInUnit;
  testFrom: TimeInUnit;
}

/** The same as given by the user. */
export interface GivenPoints {
  validFrom: number | string;
  testFrom: number | string;
}

/** Options for the points in time. */
export interface GivenOptions {
  validFrom?: PointInTime;
  testFrom?: PointInTime;
  /** Unit of the data's times. */
  timeUnit?: DateUnit;
}

/**
 * Determines the points of a split of these rows.
 *
 * @param shares Shares of training and validation, used if no points are given.
 * @throws {InputError} as {@link givenTimePoints} and {@link checkTimePoints}.
 */
export function timePoints(
  frame: DataFrame,
  shares: readonly number[],
  options: GivenOptions,
): TimePoints {
  const given = givenTimePoints(options), [train, validation] = shares;
  if (!given) {
    const points = { validFrom: atShare(frame, train), testFrom: atShare(frame, train + validation) };
    return checkTimePoints(points, undefined, options.timeUnit);
  }
  const largest = () => frame.select(pl.col("timestamp").cast(pl.Float64).abs().max()).row(0)[0] as number;
  return checkTimePoints(timesOf(given, options.timeUnit ?? largest()), given);
}

/** Returns the time at a share of the rows; between two times, the later one. */
function atShare(frame: DataFrame, share: number): TimeInUnit {
  const time = pl.col("timestamp"), near = time.cast(pl.Float64);
  const [found] = frame.select(near.quantile(share, "higher")).row(0) as number[];
  // A double covers the nanoseconds of a quarter of a microsecond; the exact time is found among these.
  const value = pl.lit(found).cast(pl.Float64);
  const [before] = frame.select(near.lt(value).sum()).row(0) as number[];
  const alike = frame.lazy().filter(near.eq(value)).select(time.sort()).collectSync().getColumn("timestamp");
  return timeAt(alike, rankOf(share, frame.height) - before);
}

/** Rank of the row at a share, from 0. */
export const rankOf = (share: number, rows: number): number => Math.ceil((rows - 1) * share);

/** Converts given points to the unit of the data's times; see {@link inUnitOf}. */
export const timesOf = ({ validFrom, testFrom }: GivenPoints, times: DateUnit | number): TimePoints => ({
  validFrom: inUnitOf(times, validFrom),
  testFrom: inUnitOf(times, testFrom),
});

/** @throws {InputError} if only one of the two points is given, or one is not a point in time. */
export function givenTimePoints(
  { validFrom, testFrom }: Pick<GivenOptions, "validFrom" | "testFrom">,
): GivenPoints | undefined {
  if ((validFrom === undefined) !== (testFrom === undefined)) {
    throw new InputError("Cannot split by time: give both --valid-from and --test-from, or neither");
  }
  if (validFrom === undefined || testFrom === undefined) return undefined;
  return {
    validFrom: parsePointInTime(validFrom, "--valid-from"),
    testFrom: parsePointInTime(testFrom, "--test-from"),
  };
}

/**
 * @param named The points as given by the user; omitted if they were determined by shares.
 * @param unit Unit of the times, if they were dates.
 * @throws {InputError} if test does not begin later than validation.
 */
export function checkTimePoints(points: TimePoints, named?: GivenPoints, unit?: DateUnit): TimePoints {
  const { validFrom, testFrom } = points;
  if (validFrom < testFrom) return points;
  if (named) throw noOrder(named);
  const date = dateSpan(Number(validFrom), Number(testFrom), unit)?.lastDate;
  throw new InputError(
    `Cannot split by time: by these shares validation and test would both begin at ${date ?? testFrom}, ` +
      "for so many interactions are at that time; give other --ratios, or --valid-from and --test-from",
  );
}

/**
 * @throws {InputError} for points that are in the wrong order, as far as is known without the data, and if only one of the two is given.
 */
export function checkGivenPoints(options: Pick<GivenOptions, "validFrom" | "testFrom">): void {
  const given = givenTimePoints(options);
  if (given && isBefore(given.validFrom, given.testFrom) === false) throw noOrder(given);
}

const noOrder = ({ validFrom, testFrom }: GivenPoints): InputError =>
  new InputError(
    `Cannot split by time: validation would begin at ${pointSaid(validFrom)} (--valid-from) and test at ${
      pointSaid(testFrom)
    } (--test-from); test must begin later`,
  );

/** Returns the points as the manifest records them. */
export const rounded = ({ validFrom, testFrom }: TimePoints) => ({
  validFrom: Number(validFrom),
  testFrom: Number(testFrom),
});
