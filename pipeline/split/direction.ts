/**
 * Which way a source goes through time: from the oldest interaction to the newest, as a log grows, or the other way round, as a
 * service's export or SQL's `ORDER BY created DESC` has it. Where times are equal, that is what orders interactions.
 *
 * @module
 */
import pl, { type Expr } from "nodejs-polars";
import type { LazyDataFrame, Rows } from "../contract/frame.ts";
import type { Ties } from "../contract/values/ties.ts";
import { inPieces } from "./pieces.ts";

/** From one interaction of a user to the next, in the order of time, and at the same time in the order that `ties` says. */
export interface Steps {
  /** How many are to one at the same time. */
  ties: number;
  /** How many are to one at a later time. */
  later: number;
  /** How many of these are back to a row before it in the source. */
  back: number;
}

/** None. */
export const NO_STEPS: Steps = { ties: 0, later: 0, back: 0 };

/**
 * Counts them.
 *
 * @param rows `user` (from 1), `timestamp`, by user, then time.
 * @param source The column that has each row's place in the source, by whatever numbers.
 * @param pieceRows Default: 4 million.
 */
export const countSteps = (rows: Rows, source: string, pieceRows?: number): Steps =>
  together(inPieces((rows) => stepsOf(rows, pl.col(source)), rows, pieceRows));

/** Of several users' rows. */
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

/** Of fewer, 90 % may be chance: of 20 steps that go either way 18 are back in one source of five thousand. */
const LEAST_STEPS = 20;
/** Not all: logs of several servers that were joined, or clocks that were set, have some that go the other way. */
const NEARLY_ALL = 0.9;

/** What is said where interactions at the same time are most probably the wrong way round. */
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
