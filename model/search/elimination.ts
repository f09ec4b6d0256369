/**
 * What a search may conclude before its end: that a candidate is clearly worse, or that its answer can no longer change.
 *
 * Candidates are dropped as in successive elimination (Even-Dar, Mannor and Mansour, JMLR 7 (2006)): a few times during the search, by
 * intervals that are so wide that all of these looks together are wrong with a chance of at most 5 %. There the arms are what they are; here
 * they learn, and one that learns slowly may catch up: dropped is who was clearly worse twice in a row, by so much that would last that another seed would
 * find it too. And where the shortest that is left is within one standard error of the best, or behind it by no more than matters, at half of
 * all looks in a row, the rest of the search would hardly tell more.
 *
 * @module
 */
import { isAlike } from "../records/candidates.ts";
import { bestLoss, clearLead, lastingDifference } from "../records/clear_lead.ts";
import type { Architecture, Evidence } from "../records/records.ts";
import { LEVEL } from "./evidence.ts";
import type { Rule } from "./select.ts";

/** How many times a search looks, evenly spread over the steps in which α learns. */
export const LOOKS = 8;
/** At so many looks in a row the shortest is within one standard error of the best, or behind by no more than matters: then the search ends. */
export const ALIKE_LOOKS = LOOKS / 2;
/** Of the intervals of one look. */
export const LOOK_LEVEL = 1 - (1 - LEVEL) / LOOKS;

/** What follows from a look. */
export interface Conclusion {
  /** Places, among those compared, of candidates that are clearly worse. */
  worse: number[];
  /** Of these, those that were so at the look before. */
  dropped: number[];
  /** At how many looks in a row, this one included, the shortest that is left was within one standard error of the best, or behind by no more than matters. */
  alike: number;
  /** Why the search can end here; undefined where it goes on. */
  ended?: Architecture["ended"];
}

/** What the looks before came to. */
export interface LooksBefore {
  /** Places of those that were clearly worse at the last one. */
  worse: readonly number[];
  /** See {@link Conclusion.alike}; of the shortest that was left then. */
  alike: number;
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
  const practicalDifference = margin * bestLoss(evidence), enough = clearLead(evidence, practicalDifference);
  const worse = evidence.flatMap((own, i) =>
    own.interval[0] > practicalDifference && lastingDifference(own) > enough ? [i] : []
  );
  const dropped = worse.filter((i) => before.worse.includes(i));
  const left = evidence.filter((_, i) => !dropped.includes(i)), [shortest] = left;
  // Where another is the shortest now, it has been looked at as that for the first time.
  const looked = shortest === evidence[0] ? before.alike : 0;
  const alike = isAlike(shortest, practicalDifference) ? looked + 1 : 0;
  if (left.length === 1) return { worse, dropped, alike, ended: "one left" };
  // The shortest is as good as the best for all that matters: whatever else comes, it will be the answer.
  const settled = rule !== "argmax" && shortest.interval[1] <= practicalDifference;
  if (settled) return { worse, dropped, alike, ended: "same answer" };
  const indistinct = rule === "shortest-within-error" && alike >= ALIKE_LOOKS;
  return { worse, dropped, alike, ...(indistinct && { ended: "alike" as const }) };
}
