/**
 * What a search may conclude before its end: that a candidate is clearly worse, or that its answer can no longer change.
 *
 * Candidates are dropped as in successive elimination (Even-Dar, Mannor and Mansour, JMLR 7 (2006)), at a few looks
 * during the search. The confidence intervals are so wide that all looks together are wrong with a probability of at
 * most 5 %. Unlike the arms of a bandit, candidates learn, and a slow one may catch up. So a candidate is dropped only
 * if it was clearly worse at two looks in a row, and if so much of its lag would last that another seed would find it
 * too. The search also ends once the shortest candidate left has been alike to the best at half of all looks in a row:
 * more steps would hardly tell more. Alike means within one standard error of the best, or behind it by no more than
 * matters.
 *
 * @module
 */
import { isAlike } from "../records/candidates.ts";
import { bestLoss, clearLead, lagsClearly, lastingDifference } from "../records/clear_lead.ts";
import type { Architecture, Evidence } from "../records/records.ts";
import { LEVEL } from "./evidence.ts";
import type { Rule } from "./select.ts";

/** Number of looks, evenly spread over the steps in which α learns. */
export const LOOKS = 8;
/** The search ends once the shortest candidate was alike to the best at so many looks in a row. */
const ALIKE_LOOKS = LOOKS / 2;
/** Confidence level of the intervals of one look: by Bonferroni's correction all together have {@link LEVEL}. */
export const LOOK_LEVEL = 1 - (1 - LEVEL) / LOOKS;

/** What follows from a look. */
export interface Conclusion {
  /** Places, among those compared, of candidates that are clearly worse. */
  worse: number[];
  /** Of these, those that were so at the look before. */
  dropped: number[];
  /** Of each that was compared, at how many looks in a row, this one included, it was alike to the best. */
  alike: number[];
  /** Why the search can end here; undefined where it goes on. */
  ended?: Architecture["ended"];
}

/** What the looks before came to. */
export interface LooksBefore {
  /** Places of those that were clearly worse at the last one. */
  worse: readonly number[];
  /** See {@link Conclusion.alike}. */
  alike: readonly number[];
}

/**
 * Whether the shortest, the first, is as good as each other one for all that matters: whatever else comes, it will be the answer. That it leads now does
 * not say so. Differences are to the leader, and their intervals hold at once: of another candidate it is behind by no more than the far end of its own
 * interval less the near end of the other's; and no lag that melts may turn into a lead that matters.
 */
function isAnswer([shortest, ...others]: readonly Evidence[], practicalDifference: number): boolean {
  return others.every((other) =>
    shortest.interval[1] - Math.min(0, other.interval[0]) <= practicalDifference &&
    lastingDifference(shortest) - lastingDifference(other) <= practicalDifference
  );
}

/**
 * What follows from the evidence of the candidates that are left, shortest first.
 *
 * @param evidence At {@link LOOK_LEVEL}.
 * @param margin Share of the loss below which a difference does not matter.
 * @param before Places are those among the candidates that are compared now.
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
