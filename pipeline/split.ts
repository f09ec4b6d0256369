/**
 * Stage 5, split: orders each user's interactions by time and divides them into training, validation and test.
 *
 * @module
 */
import pl from "nodejs-polars";
import type { Expr } from "nodejs-polars";
import type { DataFrame, LazyDataFrame } from "./contract/frame.ts";
import { InputError } from "./contract/errors.ts";
import { StageReport } from "./contract/stage/report.ts";
import {
  type InteractionsFrame,
  type Split,
  SPLITS,
  type StageContext,
  type StageResult,
} from "./contract/stage.ts";
import { stageResult } from "./contract/stage/result.ts";
import type { DateUnit } from "./contract/values/date_units.ts";
import type { Ties } from "./contract/values/ties.ts";
import { countSteps, directionWarnings, NO_STEPS, type Steps, together } from "./split/direction.ts";
import { byShares, choose, leaveOneOut, USUAL_RATIOS } from "./split/parts.ts";
import { countPairs, countRepeats, repeatWarnings } from "./split/repeats.ts";
import { rounded, timePoints } from "./split/time_points.ts";
import { isFrom, type PointInTime } from "./times/point_in_time.ts";
import { inPieces } from "./split/pieces.ts";

/** Options of {@link splitInteractions}. */
export interface SplitOptions extends StageContext {
  /**
   * `leave-one-out` (default): each user's last interaction is for test, the one before it for validation.
   * `ratio`: each user's interactions are divided by shares, in the order of time.
   * `global-time`: two points in time apply to all users, so that nothing in training is later than anything in test.
   */
  split?: "leave-one-out" | "ratio" | "global-time";
  /** Shares of training, validation and test, for `ratio` and `global-time`. Default: 0.8, 0.1, 0.1. */
  ratios?: readonly [number, number, number];
  /** For `global-time`: start time of validation, instead of shares, as a date (`2024-05-01`) or a number in the data's unit. */
  validFrom?: PointInTime;
  /** For `global-time`: start time of test. See `validFrom`. */
  testFrom?: PointInTime;
  /**
   * Order of a user's interactions at the same time: as in the source (default), reversed, for a source with the newest first, or by
   * item id, then rating, so that the order of the source does not matter.
   */
  ties?: Ties;
  /** The unit of times that were dates, as {@link checkSchema} returns it. Default: guessed from the size of the numbers. */
  timeUnit?: DateUnit;
  /** Table of users (`user`, `id`), for naming a user in messages. */
  users?: DataFrame;
}

/** What {@link splitInteractions} returns. */
export interface SplitResult extends StageResult {
  /** Facts for the manifest: the kind, and the points in time of a `global-time` split, with nanoseconds rounded to fit a Number. */
  split: {
    kind: NonNullable<SplitOptions["split"]>;
    ratios?: number[];
    validFrom?: number;
    testFrom?: number;
  };
  /** Number of distinct pairs of user and item that interact. */
  pairs: number;
}

/**
 * Orders interactions by user and time and adds the column `split`.
 *
 * @param frame Interactions with `user` (UInt32), `item` (UInt32), `timestamp` and any other columns.
 * @returns The rows ordered by user, then time, with `split` (Categorical: `train`, `validation`, `test`).
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
 * @throws {InputError} for a user with fewer than three interactions in `leave-one-out`; for shares or times that leave a part empty.
 */
export function splitInteractions(frame: InteractionsFrame, options: SplitOptions = {}): SplitResult {
  const started = performance.now();
  const { split: kind = "leave-one-out", ratios = USUAL_RATIOS, ties = "file" } = options;
  const split: SplitResult["split"] = { kind };
  let part: Expr;
  if (kind === "leave-one-out") {
    part = leaveOneOut(frame, options.users);
  } else {
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

/** Number of interactions in each part, and of training targets: training interactions with a history before them. */
export type PartCounts = Record<Split | "training targets", number>;

/** What may be worth a warning in the rows. */
export interface Doubts {
  /** See {@link countRepeats}. */
  repeats: number;
  ties: Ties;
  /** See {@link countSteps}. */
  steps: Steps;
}

/**
 * Builds the report of a split.
 *
 * @param started Start of the work, in the milliseconds of `performance.now()`.
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

/** @param frame Interactions ordered by user, then time, with `split`. */
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

/** Ordered rows. */
export interface Ordered {
  frame: DataFrame;
  /** The steps that their order takes through the source. */
  steps: Steps;
}

/**
 * Sorts rows by user, then time, and adds the column `split`. Ties keep the order of the rows, or are reversed, or are sorted by
 * item id and then by all other columns, which makes the result independent of the order of the rows.
 *
 * @param pieceRows Number of rows that are sorted at once. Default: 4 million.
 */
export function ordered(frame: DataFrame, ties: Ties, part: Expr, pieceRows?: number): Ordered {
  const user = pl.col("user"), time = pl.col("timestamp");
  const [users, range] = frame.select(
    user.max().cast(pl.Float64).alias("users"),
    time.max().cast(pl.Float64).sub(time.min().cast(pl.Float64)).alias("range"),
  ).row(0) as number[];
  // Sorting by one combined key is eight times as fast as by two keys. Times that do not fit beside the user are replaced by ranks.
  const whole = !frame.getColumn("timestamp").isFloat();
  const fits = whole && (users + 1) * (range + 1) < 2 ** 62;
  // Counted from the first time, in whole numbers, because nanoseconds exceed the precision of a Float64, and times may be negative.
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
    // If item ids decide, places in the source do not matter.
    if (ties === "item") return { frame: result, steps: NO_STEPS };
    return { frame: result.drop("_source"), steps: countSteps(result, "_source") };
  };
  // Some users at a time, to save memory; each in one step, because an intermediate frame would be kept until the work is over.
  const pieces = inPieces(order, frame, pieceRows);
  if (pieces.length === 1) return pieces[0];
  const frames = pieces.flatMap(({ frame }) => frame.height > 0 ? [frame] : []);
  return {
    frame: pl.concat(frames, { how: "vertical", rechunk: false }),
    steps: together(pieces.map(({ steps }) => steps)),
  };
}

const one = pl.lit(1).cast(pl.Int64);

/** For whole times, the time since the first. Narrow types may overflow on a difference, and Int64 cannot hold all times of UInt64. */
function sinceFirst(frame: DataFrame): Expr {
  const time = pl.col("timestamp"), whole = time.cast(pl.Int64);
  const isUnsigned = (frame.getColumn("timestamp").dtype.variant as string).startsWith("UInt");
  return isUnsigned ? time.sub(time.min()).cast(pl.Int64) : whole.sub(whole.min());
}
