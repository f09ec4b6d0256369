/**
 * Selects an architecture from what a search found.
 *
 * @module
 */
import type { Same } from "../../pipeline/contract/options/describes.ts";
import { entropy } from "../records/probabilities.ts";
import { architectureWithDisplay } from "../views/search.ts";
import { alikePlaces, isClearlyWorse, practicalDifferenceOf } from "../records/candidates.ts";
import type { Architecture, DroppedCandidate, Evidence } from "../records/records.ts";

/**
 * How a length is chosen; {@link SelectOptions.rule} says what each means.
 *
 * @example
 * ```ts
 * import { planOf, RULES } from "automlp";
 *
 * const methods = RULES.map((select) => ({ method: "automlp" as const, label: select, select }));
 * console.log(planOf({ name: "rules", methods, seeds: [1], common: { epochs: 5 } }));
 * ```
 */
export const RULES = ["argmax", "shortest-within-error", "shortest-within-margin"] as const;
/** How a length is chosen: one of the {@link RULES}; see {@link SelectOptions.rule}. */
export type Rule = "argmax" | "shortest-within-error" | "shortest-within-margin";
true satisfies Same<Rule, (typeof RULES)[number]>;

/** Default share of the loss below which a difference between two candidates does not matter. */
export const DEFAULT_MARGIN = 0.0005;

/** Options of `select` of a {@link Search}: how the length is chosen. */
export interface SelectOptions {
  /**
   * The rule. `argmax` (the paper's): the candidate with the largest α. `shortest-within-error`: the shortest
   * candidate within one standard error of the best, or behind it by no more than `margin` (the one-standard-error
   * rule: Breiman, Friedman, Olshen and Stone, "Classification and Regression Trees", 1984, 3.4.3); of those it is
   * the cheapest to train and to serve. `shortest-within-margin`: the shortest that is behind by no more than
   * `margin`.
   */
  rule?: Rule;
  /** Differences in validation loss below this share of the best candidate's loss do not matter. Default: 0.0005. */
  margin?: number;
}

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
  /** How α was found, for the record. */
  method: Architecture["method"];
}

/**
 * Chooses the short-term length. The result is plain data that shows itself in a notebook and as text.
 *
 * Without evidence, it is chosen by α under any rule, and never called clear.
 */
export function selectLength(
  found: SearchFindings,
  { rule = "shortest-within-error", margin = DEFAULT_MARGIN }: SelectOptions = {},
): Architecture {
  const { lengths, evidence, dropped, ended, method } = found;
  const probabilities = Array.from(found.probabilities);
  const [first, second = 0] = probabilities.toSorted((a, b) => b - a);
  const practicalDifference = evidence && practicalDifferenceOf(evidence, margin);
  const alike = evidence && alikePlaces(evidence, practicalDifference!, dropped);
  const near = rule === "shortest-within-margin"
    ? alike?.filter((m) => evidence![m].difference <= practicalDifference!)
    : alike;
  const place = rule === "argmax" || !near ? probabilities.indexOf(first) : near[0];
  return architectureWithDisplay({
    shortTermLength: lengths[place],
    lengths: [...lengths],
    alpha: Array.from(found.alpha),
    probabilities,
    entropy: entropy(probabilities),
    margin: first - second,
    clear: lengths.length === 1 ||
      (evidence !== undefined && isClear(place, evidence, practicalDifference!)),
    rule: near ? rule : "argmax",
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
