/**
 * Which trial comes next: asynchronous successive halving.
 *
 * Source: Li et al., "A system for massively parallel hyperparameter tuning" (MLSys 2020), algorithm 2 (ASHA). Many configurations are
 * trained for a few epochs, a third of them for three times as many, and so on. With one rung it is plain random search, or a grid.
 *
 * @module
 */

/** One trial in this many reaches the next rung, which has this many times the epochs. */
const FACTOR = 3;

/** How far a trial has come. */
export interface Standing {
  /** [rungs done] The best validation metric up to each rung. */
  values: readonly number[];
  /** Whether it is being trained now. */
  isRunning: boolean;
  /** Whether it ended with an error, or was too large: it goes no further. */
  isOut: boolean;
}

/** What to do next. */
export interface Step {
  /** Number of the trial, from 0; a new one gets the next number. */
  trial: number;
  /** Number of the rung to train it to, from 0. */
  rung: number;
}

/**
 * Returns the epochs of the rungs, from `least` or somewhat more up to `epochs`, each about {@link FACTOR} times the one before.
 *
 * @example
 * ```ts
 * import { rungsOf } from "./halving.ts";
 * import assert from "node:assert/strict";
 * assert.deepEqual(rungsOf(27, 2), [3, 9, 27]);
 * assert.deepEqual(rungsOf(5, 5), [5]);
 * ```
 */
export function rungsOf(epochs: number, least: number): number[] {
  const rungs = [epochs];
  while (Math.round(epochs / FACTOR ** rungs.length) >= least) {
    rungs.unshift(Math.round(epochs / FACTOR ** rungs.length));
  }
  return rungs;
}

/**
 * Returns what to do next: train a trial further that is among the best third of its rung, from the highest rung down, or else begin a new
 * one. A trial that was cut off is finished first.
 *
 * @param standings Those of the trials that were begun, by number.
 * @param trials Maximum number of trials.
 * @param rungs Number of rungs.
 * @param baseline The trial that all others are compared with: it is trained to its end before others, since it may learn slowly and
 * overtake those that are ahead of it early. Left out: there is none.
 * @returns undefined if nothing can be done until a running trial ends, or nothing is left.
 */
export function nextStep(
  standings: readonly Standing[],
  trials: number,
  rungs: number,
  baseline?: number,
): Step | undefined {
  const isFree = ({ isRunning, isOut }: Standing) => !isRunning && !isOut;
  const cut = standings.findIndex((standing) => isFree(standing) && standing.values.length === 0);
  if (cut >= 0) return { trial: cut, rung: 0 };
  if (baseline !== undefined && baseline in standings && isFree(standings[baseline])) {
    const rung = standings[baseline].values.length;
    if (rung < rungs) return { trial: baseline, rung };
  }
  for (let rung = rungs - 2; rung >= 0; rung--) {
    const done = standings.flatMap(({ values }, trial) =>
      rung in values ? [{ trial, value: values[rung] }] : []
    );
    const best = done.toSorted((a, b) => b.value - a.value || a.trial - b.trial)
      .slice(0, Math.floor(done.length / FACTOR));
    const next = best.find(({ trial }) =>
      isFree(standings[trial]) && standings[trial].values.length === rung + 1
    );
    if (next) return { trial: next.trial, rung: rung + 1 };
  }
  return standings.length < trials ? { trial: standings.length, rung: 0 } : undefined;
}

/**
 * Returns how many trials are finished as far as is known: they have come to a result or an error, and neither are being trained further nor
 * come next. A later trial may still raise one of them into the best third.
 *
 * @param next What is done next, as `nextStep` says.
 */
export const finishedTrials = (standings: readonly Standing[], next: Step | undefined): number =>
  standings.filter(({ values, isRunning, isOut }, trial) =>
    !isRunning && (isOut || values.length > 0) && trial !== next?.trial
  ).length;
