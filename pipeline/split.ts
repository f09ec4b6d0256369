/**
 * Stage 5, split: orders each user's interactions by time and divides them into training, validation and test.
 *
 * @module
 */
import pl, { type Expr } from "nodejs-polars";
import type { DataFrame } from "./contract/frame.ts";
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
import { directionWarnings, type Steps } from "./split/direction.ts";
import { ordered } from "./split/order.ts";
import { byShares, choose, leaveOneOut, USUAL_RATIOS } from "./split/parts.ts";
import { countPairs, countRepeats, repeatWarnings } from "./split/repeats.ts";
import { rounded, timePoints } from "./split/time_points.ts";
import { isFrom, type PointInTime } from "./times/point_in_time.ts";

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
