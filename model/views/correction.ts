/**
 * Scores that were corrected by popularity before all items were ranked, in words.
 *
 * @module
 */
import type { RunMetrics } from "../records/records.ts";
import { tau } from "./evaluation.ts";
import { methodsOf } from "./results.ts";

/** τ of the run's method where all items are ranked (protocol `full`). */
export const tauOf = (metrics: RunMetrics): number => methodsOf(metrics)[0].taus?.full ?? 0;

/** How much popularity counts in `recommend` where its lists are by the scores of a τ; undefined where it can make none such. */
export const popularityAt = (tau: number): number | undefined => tau >= 0 && tau <= 1 ? 1 - tau : undefined;

/** What is said above lists that are by corrected scores, as the figures are; undefined where scores are as they were. */
export function correctionNote(metrics: RunMetrics | undefined): string | undefined {
  const by = metrics ? tauOf(metrics) : 0, share = popularityAt(by);
  if (by === 0) return undefined;
  const recommended = share === undefined
    ? "recommend uses scores without the correction, so its lists differ"
    : `recommend makes the same lists with popularity ${share}, and different ones by default`;
  return `These lists use scores corrected for popularity (τ = ${
    tau(by)
  }), as the figures are; ${recommended}.`;
}
