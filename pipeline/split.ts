/**
 * Stage 5, split: orders each user's interactions by time and parts them into training, validation and test.
 *
 * @module
 */
import { checkKnown, type KnownOptions } from "./contract/options/known.ts";
import { AN_OBJECT, checkCall, FRAME, listOf, NUMBER, oneOf } from "./contract/options/arguments.ts";
import pl, { type Expr } from "nodejs-polars";
import type { DataFrame, LazyDataFrame } from "./contract/frame.ts";
import { InputError } from "./contract/errors.ts";
import { StageReport } from "./contract/stage/report.ts";
import {
  INTERACTIONS,
  type InteractionsFrame,
  type Split,
  SPLITS,
  type StageContext,
  type StageResult,
} from "./contract/stage.ts";
import { stageResult } from "./contract/stage/result.ts";
import { countSteps, directionWarnings, NO_STEPS, type Steps, together } from "./split/direction.ts";
import { inPieces } from "./split/pieces.ts";
import { countPairs, countRepeats, repeatWarnings } from "./split/repeats.ts";
import {
  inUnitOf,
  isFrom,
  parsePointInTime,
  POINT_IN_TIME,
  type PointInTime,
  timeAt,
  type TimeInUnit,
} from "./times/point_in_time.ts";
import { DATE_UNITS, type DateUnit } from "./contract/values/date_units.ts";

/** Options of {@link splitInteractions}. */
export interface SplitOptions extends StageContext {
  /**
   * `leave-one-out` (default): each user's last interaction is the test, the one before it the validation.
   * `ratio`: each user's interactions by shares, in the order of time.
   * `global-time`: two points in time for all users, so that nothing in training is later than anything in test.
   */
  split?: "leave-one-out" | "ratio" | "global-time";
  /** Shares of training, validation and test, for `ratio` and `global-time`. Default 0.8, 0.1, 0.1. */
  ratios?: readonly [number, number, number];
  /** For `global-time`: the first time of validation and of test instead of shares, as a date (`2024-05-01`) or a number in the data's unit. */
  validFrom?: PointInTime;
  /** See `validFrom`. */
  testFrom?: PointInTime;
  /**
   * Interactions of one user at the same time: in the order of the source (default), in its reverse, for a source with the newest
   * first, or by item id, then rating, so that the order of the source does not matter.
   */
  ties?: "file" | "item" | "reverse";
  /** What times are counted in, where they were dates, as {@link checkSchema} says it. Default: guessed from how large they are. */
  timeUnit?: DateUnit;
  /** Table of users (`user`, `id`), to name a user in a message. */
  users?: DataFrame;
}

/** What {@link splitInteractions} returns. */
export interface SplitResult extends StageResult {
  /** For the manifest: the kind, and the points in time of a `global-time` split, nanoseconds rounded as a Number has them. */
  split: {
    kind: NonNullable<SplitOptions["split"]>;
    ratios?: number[];
    validFrom?: number;
    testFrom?: number;
  };
  /** How many pairs of user and item interact, however often. */
  pairs: number;
}

/**
 * Orders by user and time and adds the column `split`.
 *
 * @param frame `user` (UInt32), `item` (UInt32), `timestamp`, and more.
 * @returns the rows ordered by user, then time, with `split` (Categorical: `train`, `validation`, `test`).
 * @example
 * ```ts
 * import pl from "nodejs-polars";
 * import { splitInteractions } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const u32 = (name: string, values: number[]) => pl.Series(name, values, pl.UInt32);
 * const log = pl.DataFrame([u32("user", [1, 1, 1]), u32("item", [5, 6, 7]), u32("timestamp", [30, 10, 20])]);
 * const { frame } = splitInteractions(log);
 * assert(frame.getColumn("item").toArray().join() === "6,7,5");
 * assert(frame.getColumn("split").toArray().join() === "train,validation,test");
 * ```
 * @throws {InputError} for a user with fewer than three interactions in `leave-one-out`; for shares that do not add up to
 * one; for a point in time that leaves a part empty.
 */
export function splitInteractions(frame: InteractionsFrame, options: SplitOptions = {}): SplitResult {
  checkCall("splitInteractions(frame)", [frame, INTERACTIONS], [options, AN_OBJECT]);
  checkKnown("split", options, OPTIONS, "left");
  const started = performance.now();
  const { split: kind = "leave-one-out", ratios = [0.8, 0.1, 0.1], ties = "file" } = options;
  const split: SplitResult["split"] = { kind };
  let part: Expr;
  if (kind === "leave-one-out") {
    part = leaveOneOut(frame, options.users);
  } else {
    checkRatios(ratios);
    if (kind === "ratio") {
      split.ratios = [...ratios];
      part = byShares(ratios);
    } else {
      const points = timePoints(frame, ratios, options);
      Object.assign(split, rounded(points));
      part = choose(isFrom(points.testFrom), isFrom(points.validFrom));
    }
  }
  const { frame: result, steps } = ordered(frame, ties, part);
  const doubts = { repeats: countRepeats(result), ties, steps };
  const report = splitReport(countParts(result), kind, started, doubts);
  return stageResult({ frame: result, report, split, pairs: countPairs(result) });
}

/** How many interactions each part has, and how many training targets there are: interactions with a history before them. */
export type PartCounts = Record<Split | "training targets", number>;

/** What of the rows may be worth a warning. */
export interface Doubts {
  /** See {@link countRepeats}. */
  repeats: number;
  ties: NonNullable<SplitOptions["ties"]>;
  /** See {@link countSteps}. */
  steps: Steps;
}

/**
 * The report of a split.
 *
 * @param started When the work began, in the milliseconds of `performance.now()`.
 * @throws {InputError} if a part is empty.
 */
export function splitReport(
  counts: PartCounts,
  kind: SplitResult["split"]["kind"],
  started: number,
  { repeats, ties, steps }: Doubts,
): StageReport {
  for (const name of SPLITS) {
    if (counts[name] === 0) {
      throw new InputError(
        `Cannot split by ${kind}: the ${name} part would be empty; choose other ${
          kind === "global-time" ? "times or shares" : "shares"
        }`,
      );
    }
  }
  const rows = SPLITS.reduce((sum, name) => sum + counts[name], 0);
  return new StageReport({
    stage: "split",
    rowsIn: rows,
    rowsOut: rows,
    counts,
    warnings: [...repeatWarnings(repeats, rows), ...directionWarnings(ties, steps)],
    seconds: (performance.now() - started) / 1000,
  });
}

interface Ordered {
  frame: DataFrame;
  /** How their order goes through the source. */
  steps: Steps;
}

/**
 * Rows by user, then time, with the column `split`. Ties keep the order of the rows or are in its reverse, or go by
 * item id and then by whatever else the rows hold: then rows in another order give the same result.
 */
function ordered(frame: DataFrame, ties: NonNullable<SplitOptions["ties"]>, part: Expr): Ordered {
  const user = pl.col("user"), time = pl.col("timestamp");
  const [users, range] = frame.select(
    user.max().cast(pl.Float64).alias("users"),
    time.max().cast(pl.Float64).sub(time.min().cast(pl.Float64)).alias("range"),
  ).row(0) as number[];
  // One combined key sorts eight times as fast as two keys. Times that do not fit beside the user are replaced by ranks.
  const whole = !frame.getColumn("timestamp").isFloat();
  const fits = whole && (users + 1) * (range + 1) < 2 ** 62;
  // Counted from the first time, in whole numbers: nanoseconds are more than a Float64 holds, and times may be negative.
  const elapsed = fits ? sinceFirst(frame) : time.rank("dense").cast(pl.Int64);
  const span = (fits ? elapsed.max() : pl.lit(frame.height).cast(pl.Int64)).add(one);
  const key = user.cast(pl.Int64).mul(span).add(elapsed).alias("_key");
  const others = frame.columns.filter((name) => !["user", "item", "timestamp"].includes(name));
  const arranged = {
    file: (rows: LazyDataFrame) => rows.withRowIndex("_source"),
    item: (rows: LazyDataFrame) => rows.sort(["item", ...others]),
    reverse: (rows: LazyDataFrame) => rows.withRowIndex("_source").reverse(),
  }[ties];
  const order = (rows: LazyDataFrame): Ordered => {
    const result = arranged(rows).withColumn(key)
      .sort("_key", false, false, true).drop("_key").withColumn(part.alias("split"))
      .collectSync();
    // By item ids their places in the source decide nothing.
    if (ties === "item") return { frame: result, steps: NO_STEPS };
    return { frame: result.drop("_source"), steps: countSteps(result, "_source") };
  };
  // Some users after the other, for the memory; each in one step, for a frame in between would stay until the work is over.
  const pieces = inPieces(order, frame);
  if (pieces.length === 1) return pieces[0];
  const frames = pieces.flatMap(({ frame }) => frame.height > 0 ? [frame] : []);
  return {
    frame: pl.concat(frames, { how: "vertical", rechunk: false }),
    steps: together(pieces.map(({ steps }) => steps)),
  };
}

const one = pl.lit(1).cast(pl.Int64);

/** Of whole times, the time since the first. Narrow types may not hold what lies between two of theirs, and Int64 not the times of UInt64. */
function sinceFirst(frame: DataFrame): Expr {
  const time = pl.col("timestamp"), whole = time.cast(pl.Int64);
  const isUnsigned = (frame.getColumn("timestamp").dtype.variant as string).startsWith("UInt");
  return isUnsigned ? time.sub(time.min()).cast(pl.Int64) : whole.sub(whole.min());
}

/** The name of a part. Names of a million rows that become categories afterwards take ten times as long. */
const named = (part: Split) => pl.lit(part).cast(pl.Categorical);

/** `test` where the first condition holds, else `validation` where the second does, else `train`. */
function choose(test: Expr, validation: Expr): Expr {
  return pl.when(test).then(named("test")).otherwise(
    pl.when(validation).then(named("validation")).otherwise(named("train")) as Expr,
  ) as Expr;
}

/** Of rows that are ordered by user: a row is its user's last where the next one is another's. */
function leaveOneOut(frame: DataFrame, users?: DataFrame): Expr {
  const anotherUserAfter = (steps: number) =>
    pl.col("user").neq(pl.col("user").shift(-steps)).fillNull(pl.lit(true));
  const short = frame.lazy().groupBy("user").agg(pl.len().alias("n")).filter(pl.col("n").lt(pl.lit(3)))
    .sort("user").collectSync();
  if (short.height > 0) {
    const [user, n] = short.row(0) as number[];
    const name = users?.filter(pl.col("user").eq(pl.lit(user))).getColumn("id").get(0) ?? user;
    throw shortSequence(name, n, short.height);
  }
  return choose(anotherUserAfter(1), anotherUserAfter(2));
}

/** The error for the first of `users` users with too few interactions. */
export const shortSequence = (user: unknown, interactions: number, users: number): InputError =>
  new InputError(
    `Cannot split user "${user}": leave-one-out needs at least 3 interactions, found ${interactions} (${users} such users); ` +
      "raise --min-user to 3 or more",
  );

/** @throws {InputError} for shares that are not three positive numbers which add up to one. */
export function checkRatios(ratios: readonly number[]): void {
  const sum = ratios.reduce((a, b) => a + b, 0);
  if (ratios.length !== 3 || ratios.some((share) => !(share > 0)) || Math.abs(sum - 1) > 1e-6) {
    throw new InputError(
      `Cannot split by the shares ${
        ratios.join(",")
      }: give three positive numbers that add up to 1, as in 0.8,0.1,0.1`,
    );
  }
}

/** Of n interactions, the first ⌊n · train⌋ (at least one) train, those up to ⌊n · (train + validation)⌋ validate. */
function byShares([train, validation]: readonly number[]): Expr {
  const row = pl.col("user").cumCount().over("user").cast(pl.Int64);
  const n = pl.len().over("user").cast(pl.Float64);
  // A hair is added so that 10 · 0.8, or 0.7 + 0.1, does not fall below the whole number it means.
  const upTo = (share: number) => n.mul(pl.lit(share)).add(pl.lit(1e-9)).floor().cast(pl.Int64);
  const trained = pl.maxHorizontal([upTo(train), pl.lit(1).cast(pl.Int64)]);
  return choose(row.gt(upTo(train + validation)).and(row.gt(trained)), row.gt(trained));
}

function timePoints(
  frame: DataFrame,
  [train, validation]: readonly number[],
  options: SplitOptions,
): TimePoints {
  const given = givenTimePoints(options);
  if (!given) {
    return checkTimePoints({
      validFrom: atShare(frame, train),
      testFrom: atShare(frame, train + validation),
    });
  }
  const largest = () => frame.select(pl.col("timestamp").cast(pl.Float64).abs().max()).row(0)[0] as number;
  return checkTimePoints(timesOf(given, options.timeUnit ?? largest()), given);
}

/** The time at a share of the rows; between two times the later one. */
function atShare(frame: DataFrame, share: number): TimeInUnit {
  const time = pl.col("timestamp"), near = time.cast(pl.Float64);
  const [found] = frame.select(near.quantile(share, "higher")).row(0) as number[];
  // Doubles have nanoseconds of a whole quarter of a microsecond in one: which it is of these is found among them.
  const value = pl.lit(found).cast(pl.Float64);
  const [before] = frame.select(near.lt(value).sum()).row(0) as number[];
  const alike = frame.lazy().filter(near.eq(value)).select(time.sort()).collectSync().getColumn("timestamp");
  return timeAt(alike, rankOf(share, frame.height) - before);
}

/** From 0. */
export const rankOf = (share: number, rows: number): number => Math.ceil((rows - 1) * share);

/** The first time of validation and of test. */
export interface TimePoints {
  validFrom: TimeInUnit;
  testFrom: TimeInUnit;
}

/** As a manifest has them. */
export const rounded = ({ validFrom, testFrom }: TimePoints) => ({
  validFrom: Number(validFrom),
  testFrom: Number(testFrom),
});

/** The same as a person names them. */
export interface GivenPoints {
  validFrom: number | string;
  testFrom: number | string;
}

/** Given points in the unit of the data's times; see {@link inUnitOf}. */
export const timesOf = ({ validFrom, testFrom }: GivenPoints, times: DateUnit | number): TimePoints => ({
  validFrom: inUnitOf(times, validFrom),
  testFrom: inUnitOf(times, testFrom),
});

/** @throws {InputError} if only one of two points is given, or one is no point in time. */
export function givenTimePoints(
  { validFrom, testFrom }: Pick<SplitOptions, "validFrom" | "testFrom">,
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
 * @param named The same as a person names them.
 * @throws {InputError} if test does not begin later than validation.
 */
export function checkTimePoints(points: TimePoints, named: GivenPoints | TimePoints = points): TimePoints {
  if (points.validFrom < points.testFrom) return points;
  throw new InputError(
    `Cannot split by time: validation would begin at ${named.validFrom} and test at ${named.testFrom}; test must begin later`,
  );
}

/** @param frame Ordered by user, then time, with `split`. */
function countParts(frame: DataFrame): PartCounts {
  const hasHistory = pl.col("user").eq(pl.col("user").shift(1)).fillNull(pl.lit(false));
  const is = (name: string) => pl.col("split").eq(pl.lit(name));
  const names = [...SPLITS, "training targets"] as const;
  const row = frame.select(
    ...SPLITS.map((name) => is(name).sum().alias(name)),
    is("train").and(hasHistory).sum().alias("training targets"),
  ).row(0) as number[];
  return Object.fromEntries(names.map((name, i) => [name, row[i]])) as PartCounts;
}

const OPTIONS: KnownOptions<Omit<SplitOptions, keyof StageContext>> = {
  split: oneOf(["leave-one-out", "ratio", "global-time"]),
  ratios: listOf("three shares", (share) => NUMBER.fits(share)),
  validFrom: POINT_IN_TIME,
  testFrom: POINT_IN_TIME,
  ties: oneOf(["file", "item", "reverse"]),
  timeUnit: oneOf(DATE_UNITS),
  users: FRAME,
};
