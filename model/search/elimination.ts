/**
 * What a search may conclude before its end: that a candidate is clearly worse, or that its answer can no longer change.
 *
 * Candidates are dropped as in successive elimination (Even-Dar, Mannor and Mansour, JMLR 7 (2006)): a few times during the search, by
 * intervals that are so wide that all of these looks together are wrong with a chance of at most 5 %.
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
  dropped: number[];
  /** Why the search can end here; undefined where it goes on. */
  ended?: "one left" | "same answer";
}

/**
 * What follows from the evidence of the candidates that are left, shortest first.
 *
 * @param evidence At {@link LOOK_LEVEL}.
 * @param margin Share of the loss below which a difference does not matter.
 */
export function conclude(evidence: readonly Evidence[], rule: Rule, margin: number): Conclusion {
  const dropped = evidence.flatMap(({ interval: [low] }, i) => matters(low, evidence, margin) ? [i] : []);
  const left = evidence.filter((_, i) => !dropped.includes(i));
  if (left.length === 1) return { dropped, ended: "one left" };
  // The shortest is as good as the best for all that matters: whatever else comes, it will be the answer.
  const settled = rule !== "argmax" && !matters(left[0].interval[1], evidence, margin);
  return { dropped, ...(settled && { ended: "same answer" as const }) };
}
