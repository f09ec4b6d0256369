/**
 * Scores that were corrected for popularity before all items were ranked, in words.
 *
 * @module
 */
import type { RunMetrics } from "../records/records.ts";
import { tau } from "./evaluation.ts";
import { ownOf } from "./results.ts";

/** τ of the run's method where all items are ranked (protocol `full`). */
export const tauOf = (metrics: RunMetrics): number => ownOf(metrics).logitAdjustment.full ?? 0;

/** The popularity share with which `recommend` makes the lists that a τ gives; undefined if it cannot make such lists. */
export const popularityAt = (tau: number): number | undefined => tau >= 0 && tau <= 1 ? 1 - tau : undefined;

/** The note above lists that use corrected scores, as the figures do; undefined if scores were not corrected. */
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
