/**
 * Selects an architecture from what a search found.
 *
 * @module
 */
import { entropy } from "../records/probabilities.ts";
import { architectureWithDisplay } from "../views/search.ts";
import { alikePlaces, isClearlyWorse, practicalDifferenceOf } from "../records/candidates.ts";
import type { Architecture, DroppedCandidate, Evidence, SearchMethod } from "../records/records.ts";

/** Default share of the loss below which a difference between two candidates does not matter. */
export const DEFAULT_MARGIN = 0.0005;

/** What a search found, as the input of the selection. */
export interface SearchFindings {
  /** Lengths, ascending, [candidates]. */
  lengths: readonly number[];
  /** α, [candidates]. */
  alpha: ArrayLike<number>;
  /** softmax(α), [candidates]; 0 for those that were dropped. */
  probabilities: ArrayLike<number>;
  /** Evidence, [candidates]; undefined if there is too little to judge by. For a dropped candidate, the evidence at that time. */
  evidence?: readonly Evidence[];
  dropped: readonly DroppedCandidate[];
  /** Why the search ended before its last epoch. */
  ended?: Architecture["ended"];
  /** How was searched. */
  method: SearchMethod;
}

/**
 * Chooses the short-term length. The result is plain data that shows itself in a notebook and as text.
 *
 * Where candidates share weights, it is the shortest candidate within one standard error of the best, or behind it by no
 * more than `margin` (the one-standard-error rule: Breiman, Friedman, Olshen and Stone, "Classification and Regression
 * Trees", 1984, 3.4.3): of those it is the cheapest to train and to serve. Where outputs are mixed, it is the one with
 * the largest α, as in the paper. Without evidence, α chooses in either case, and the choice is never called clear.
 *
 * @param margin Share of the best candidate's validation loss below which differences do not matter.
 */
export function selectLength(found: SearchFindings, margin: number = DEFAULT_MARGIN): Architecture {
  const { lengths, evidence, dropped, ended, method } = found;
  const probabilities = Array.from(found.probabilities);
  const [first, second = 0] = probabilities.toSorted((a, b) => b - a);
  const practicalDifference = evidence && practicalDifferenceOf(evidence, margin);
  const alike = evidence && alikePlaces(evidence, practicalDifference!, dropped);
  const isByEvidence = method === "shared" && alike !== undefined;
  const place = isByEvidence ? alike[0] : probabilities.indexOf(first);
  return architectureWithDisplay({
    shortTermLength: lengths[place],
    lengths: [...lengths],
    alpha: Array.from(found.alpha),
    probabilities,
    entropy: entropy(probabilities),
    margin: first - second,
    clear: lengths.length === 1 ||
      (evidence !== undefined && isClear(place, evidence, practicalDifference!)),
    rule: isByEvidence ? "shortest-within-error" : "argmax",
    method,
    ...(evidence && {
      evidence: [...evidence],
      practicalDifference,
      alike: alike!.map((m) => lengths[m]),
    }),
    ...(dropped.length > 0 && { dropped: [...dropped] }),
    ...(ended && { ended }),
  });
}

/** Whether every other is clearly worse. */
function isClear(place: number, evidence: readonly Evidence[], practicalDifference: number): boolean {
  return evidence.every((own, m) => m === place || isClearlyWorse(own, practicalDifference));
}
