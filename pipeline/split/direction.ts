/**
 * The direction in which a source goes through time: from the oldest interaction to the newest, as a log grows, or the other way round, as
 * in a service's export or with SQL's `ORDER BY created DESC`. It decides the order of interactions at equal times.
 *
 * @module
 */
import pl, { type Expr } from "nodejs-polars";
import type { LazyDataFrame, Rows } from "../contract/frame.ts";
import type { Ties } from "../contract/values/ties.ts";
import { inPieces } from "./pieces.ts";

/** Counts of steps from one interaction of a user to the next, in order of time, and at equal times in the order given by `ties`. */
export interface Steps {
  /** Number of steps to an interaction at the same time. */
  ties: number;
  /** Number of steps to an interaction at a later time. */
  later: number;
  /** Number of the latter that lead back to an earlier row of the source. */
  back: number;
}

/** No steps. */
export const NO_STEPS: Steps = { ties: 0, later: 0, back: 0 };

/**
 * Counts the steps.
 *
 * @param rows A table with `user` (from 1) and `timestamp`, ordered by user, then time.
 * @param source Name of the column with each row's place in the source, in any ascending numbers.
 * @param pieceRows Number of rows in a piece. Default: 4 million.
 */
export const countSteps = (rows: Rows, source: string, pieceRows?: number): Steps =>
  together(inPieces((rows) => stepsOf(rows, pl.col(source)), rows, pieceRows));

/** Adds up the steps of several users' rows. */
export const together = (all: readonly Steps[]): Steps =>
  all.reduce(
    (a, b) => ({ ties: a.ties + b.ties, later: a.later + b.later, back: a.back + b.back }),
    NO_STEPS,
  );

function stepsOf(rows: LazyDataFrame, place: Expr): Steps {
  const user = pl.col("user"), time = pl.col("timestamp");
  const isStep = user.eq(user.shift(1)), isTie = isStep.and(time.eq(time.shift(1)));
  const [all, ties, back] = rows.select(
    isStep.sum().alias("all"),
    isTie.sum().alias("ties"),
    isStep.and(time.neq(time.shift(1))).and(place.lt(place.shift(1))).sum().alias("back"),
  ).collectSync().row(0).map(Number);
  return { ties, later: all - ties, back };
}

/** With fewer steps, 90 % may be chance: of 20 steps in random directions, 18 go back in one of five thousand sources. */
const LEAST_STEPS = 20;
/** Not all, because joined logs of several servers, or clocks that were reset, have some steps in the other direction. */
const NEARLY_ALL = 0.9;

/** The warning if interactions at the same time are most probably in the wrong order. */
export function directionWarnings(
  order: Ties,
  { ties, later, back }: Steps,
): string[] {
  if (order === "item" || ties === 0 || later < LEAST_STEPS) return [];
  const many = ties.toLocaleString("en-US");
  if (order === "file" && back >= NEARLY_ALL * later) {
    return [
      `the source goes from the newest interaction to the oldest, and ${many} interactions are at the same time as one before them: ` +
      "in the order of the source these are the wrong way round; --ties reverse turns them",
    ];
  }
  if (order === "reverse" && later - back >= NEARLY_ALL * later) {
    return [
      `the source goes from the oldest interaction to the newest, and ${many} interactions are at the same time as one before them: ` +
      "--ties reverse turns these the wrong way round; --ties file leaves them in the order of the source",
    ];
  }
  return [];
}
