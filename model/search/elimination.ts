/**
 * What a search may conclude before its end: that a candidate is clearly worse, or that its answer can no longer
 * change.
 *
 * Candidates are dropped as in successive elimination (Even-Dar, Mannor and Mansour, JMLR 7 (2006)), at a few looks
 * during the search. The confidence intervals are so wide that all looks together are wrong with a probability of at
 * most 5 %. Unlike the arms of a bandit, candidates learn, and a slow one may catch up. So a candidate is dropped
 * only if it was clearly worse at two looks in a row, and if enough of its lag would last that another seed would
 * find it too. The search also ends once the shortest candidate left has been alike to the best at half of all looks
 * in a row: more steps would hardly tell more. Alike means within one standard error of the best, or behind it by no
 * more than matters.
 * @module
 */
import { isAlike } from "../records/candidates.ts";
import { bestLoss, clearLead, lagsClearly, lastingDifference } from "../records/clear_lead.ts";
import type { Architecture, Evidence } from "../records/records.ts";
import { LEVEL } from "./evidence.ts";
import type { Rule } from "./select.ts";

/** Number of looks, evenly spread over the steps in which α learns. */
export const LOOKS = 8;
/** The search ends once the shortest candidate was alike to the best at this many looks in a row. */
const ALIKE_LOOKS = LOOKS / 2;
/** Confidence level of the intervals of one look: by Bonferroni's correction, all looks together have {@link LEVEL}. */
export const LOOK_LEVEL = 1 - (1 - LEVEL) / LOOKS;

/** What follows from a look. */
export interface Conclusion {
  /** Places of the candidates that are clearly worse, among those compared. */
  worse: number[];
  /** Those of them that were also clearly worse at the previous look. */
  dropped: number[];
  /** Number of consecutive looks, this one included, at which each compared candidate was alike to the best. */
  alike: number[];
  /** Why the search can end here; undefined if it continues. */
  ended?: Architecture["ended"];
}

/** Results of the previous looks. */
export interface LooksBefore {
  /** Places of the candidates that were clearly worse at the last look. */
  worse: readonly number[];
  /** See {@link Conclusion.alike}. */
  alike: readonly number[];
}

/**
 * Whether the shortest candidate, the first, is practically as good as every other, so that it will be the answer
 * regardless of later steps. That it leads now is not enough. Differences are to the leader, and their intervals hold
 * simultaneously: the shortest is behind another candidate by no more than the upper end of its own interval minus
 * the lower end of the other's. And no shrinking lag may turn into a lead that matters.
 */
function isAnswer([shortest, ...others]: readonly Evidence[], practicalDifference: number): boolean {
  return others.every((other) =>
    shortest.interval[1] - Math.min(0, other.interval[0]) <= practicalDifference &&
    lastingDifference(shortest) - lastingDifference(other) <= practicalDifference
  );
}

/**
 * Returns what follows from the evidence of the candidates that are left, shortest first.
 *
 * @param evidence Evidence at {@link LOOK_LEVEL}.
 * @param margin Share of the loss below which a difference does not matter.
 * @param before Results of the previous looks; places refer to the candidates that are compared now.
 */
export function conclude(
  evidence: readonly Evidence[],
  rule: Rule,
  margin: number,
  before: LooksBefore,
): Conclusion {
  const practicalDifference = margin * bestLoss(evidence), lead = clearLead(evidence, practicalDifference);
  const worse = evidence.flatMap((own, i) =>
    own.interval[0] > practicalDifference && lagsClearly(own, lead) ? [i] : []
  );
  const dropped = worse.filter((i) => before.worse.includes(i));
  const left = evidence.filter((_, i) => !dropped.includes(i)), shortest = evidence.indexOf(left[0]);
  const alike = evidence.map((own, i) => isAlike(own, practicalDifference) ? before.alike[i] + 1 : 0);
  if (left.length === 1) return { worse, dropped, alike, ended: "one left" };
  const settled = rule !== "argmax" && isAnswer(left, practicalDifference);
  if (settled) return { worse, dropped, alike, ended: "same answer" };
  const indistinct = rule === "shortest-within-error" && alike[shortest] >= ALIKE_LOOKS;
  return { worse, dropped, alike, ...(indistinct && { ended: "alike" as const }) };
}
