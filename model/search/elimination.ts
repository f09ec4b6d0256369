/**
 * What a search may conclude before its end: that a candidate is clearly worse, or that its answer can no longer change.
 *
 * Candidates are dropped as in successive elimination (Even-Dar, Mannor and Mansour, JMLR 7 (2006)): a few times during the search, by
 * intervals that are so wide that all of these looks together are wrong with a chance of at most 5 %. There the arms are what they are; here
 * they learn, and one that learns slowly may catch up: dropped is who was clearly worse twice in a row, by what would last.
 *
 * @module
 */
import type { Evidence } from "../records/records.ts";
import { LEVEL } from "./evidence.ts";
import { matters, type Rule } from "./select.ts";

/** How many times a search looks, evenly spread over the steps in which α learns. */
export const LOOKS = 8;
/** Of the intervals of one look. */
export const LOOK_LEVEL = 1 - (1 - LEVEL) / LOOKS;

/** What follows from a look. */
export interface Conclusion {
  /** Places, among those compared, of candidates that are clearly worse. */
  worse: number[];
  /** Of these, those that were so at the look before. */
  dropped: number[];
  /** Why the search can end here; undefined where it goes on. */
  ended?: "one left" | "same answer";
}

/**
 * What follows from the evidence of the candidates that are left, shortest first.
 *
 * @param evidence At {@link LOOK_LEVEL}.
 * @param margin Share of the loss below which a difference does not matter.
 * @param before Places of those that were clearly worse at the look before.
 */
export function conclude(
  evidence: readonly Evidence[],
  rule: Rule,
  margin: number,
  before: readonly number[],
): Conclusion {
  const worse = evidence.flatMap(({ interval: [low], difference, lasting = difference }, i) =>
    matters(low, evidence, margin) && matters(lasting, evidence, margin) ? [i] : []
  );
  const dropped = worse.filter((i) => before.includes(i));
  const left = evidence.filter((_, i) => !dropped.includes(i));
  if (left.length === 1) return { worse, dropped, ended: "one left" };
  // The shortest is as good as the best for all that matters: whatever else comes, it will be the answer.
  const settled = rule !== "argmax" && !matters(left[0].interval[1], evidence, margin);
  return { worse, dropped, ...(settled && { ended: "same answer" as const }) };
}
