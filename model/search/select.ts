/**
 * From architecture parameters to an architecture.
 *
 * @module
 */
import { entropy, softmax } from "../records/probabilities.ts";
import { architectureWithDisplay } from "../views/architecture.ts";
import type { Architecture } from "../records/records.ts";

/** How a length is chosen. */
export const RULES = ["argmax", "shortest-within-margin"] as const;
export type Rule = (typeof RULES)[number];

/** Options of {@link selectLength}. */
export interface SelectOptions {
  /**
   * `argmax` (default, the paper's): the candidate with the largest α. `shortest-within-margin`: the shortest whose
   * probability is within `margin` of the largest.
   */
  rule?: Rule;
  /** A winner whose probability is not above the next one's by this much is called unclear. Default 0.05. */
  margin?: number;
  /** How α was found, for the record. */
  method: Architecture["method"];
}

/**
 * Chooses the short-term length. What it returns is plain data that shows itself in a notebook and as text.
 *
 * @param candidates Lengths, ascending.
 * @param alpha [candidates]
 */
export function selectLength(
  candidates: readonly number[],
  alpha: ArrayLike<number>,
  { rule = "argmax", margin = 0.05, method }: SelectOptions,
): Architecture {
  const probabilities = Array.from(softmax(alpha));
  const [first, second = 0] = probabilities.toSorted((a, b) => b - a);
  const chosen = rule === "argmax"
    ? probabilities.indexOf(first)
    : probabilities.findIndex((p) => p >= first - margin);
  return architectureWithDisplay({
    shortTermLength: candidates[chosen],
    candidates: [...candidates],
    alpha: Array.from(alpha),
    probabilities,
    entropy: entropy(probabilities),
    margin: first - second,
    clear: candidates.length === 1 || first - second >= margin,
    rule,
    method,
  });
}
