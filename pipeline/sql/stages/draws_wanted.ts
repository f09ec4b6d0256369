/**
 * How many draws of each list are looked at before it is known whether they suffice: each costs the cluster time, and lists that stay short
 * cost a second look.
 *
 * @module
 */
import { PATIENCE as DISTINCT_PATIENCE } from "../../negatives/distinct.ts";
import { PATIENCE as INDEPENDENT_PATIENCE } from "../../negatives/independent.ts";
import type { Protocol } from "../../contract/dataset/protocols.ts";

/** What lists are drawn from. */
export interface DrawnLists {
  /** [items + 1]: by which items are drawn. */
  weights: Float64Array;
  /** [items + 1]: how often each item is a target. */
  popularity: Uint32Array;
  /** Negatives of one list. */
  count: number;
  /** Interactions of a user, on average. */
  history: number;
}

/** Deviations from what is expected that a first look makes room for. */
const MARGIN = 2;
/** A second look is so many times as long, the third one as long as the samplers' patience. */
const SECOND = 3;

/**
 * Draws of each list in the first look and in those after it, for lists that are still short; ascending. Never so many that the patience of the samplers
 * would be at an end before a list is full.
 *
 * @example
 * ```ts
 * import { drawsWanted } from "./draws_wanted.ts";
 * import assert from "node:assert/strict";
 *
 * const alike = new Float64Array(10_001).fill(1, 1), popularity = new Uint32Array(10_001).fill(5, 1);
 * const lists = { weights: alike, popularity, count: 100, history: 50 };
 * assert.deepEqual(drawsWanted("recbole", lists), [101, 299]); // hardly one in 10,000 is the target
 * assert.deepEqual(drawsWanted("uniform", lists), [104, 312, 2099]); // one in 100 is in the list or the history
 * ```
 */
export function drawsWanted(protocol: Protocol, lists: DrawnLists): number[] {
  const { count } = lists,
    all = count + (protocol === "recbole" ? INDEPENDENT_PATIENCE : DISTINCT_PATIENCE * count) - 1;
  const first = Math.min(all, protocol === "recbole" ? independentDraws(lists) : distinctDraws(lists, all));
  const looks = protocol === "recbole" ? [first, all] : [first, Math.min(all, SECOND * first), all];
  return [...new Set(looks)];
}

/** @param spread Variance of what is lost, beside that of its drawing. */
const withMargin = (lost: number, spread = 0) => lost + MARGIN * Math.sqrt(lost + spread);

/** Draws that leave `count` when the target is taken out: some targets are drawn far more often than others. */
function independentDraws({ weights, popularity, count }: DrawnLists): number {
  const drawn = sum(weights), targets = sum(popularity);
  let hits = 0, squares = 0;
  weights.forEach((weight, i) => {
    const share = weight / drawn, target = popularity[i] / targets;
    hits += share * target;
    squares += share ** 2 * target;
  });
  return count + Math.ceil(withMargin(count * hits, count ** 2 * (squares - hits ** 2)));
}

/** Draws that leave `count` when repeats and the user's own items are taken out. */
function distinctDraws({ weights, popularity, count, history }: DrawnLists, all: number): number {
  const drawn = sum(weights), targets = sum(popularity);
  /** Whether of n draws `count` are new items that are not the user's; which items those are hardly depends on each other. */
  const suffices = (n: number) => {
    let useful = 0, spread = 0;
    weights.forEach((weight, i) => {
      const chance = Math.exp(-history * popularity[i] / targets) * -Math.expm1(-n * weight / drawn);
      useful += chance;
      spread += chance * (1 - chance);
    });
    return useful - MARGIN * Math.sqrt(Math.min(spread, n - useful)) >= count;
  };
  let low = count, high = 2 * count;
  while (high < all && !suffices(high)) [low, high] = [high, 2 * high];
  if (high >= all && !suffices(all)) return Math.min(all, 2 * count); // a short catalogue: most lists need a second look in any case
  high = Math.min(high, all);
  while (high - low > 1) {
    const middle = low + high >> 1;
    if (suffices(middle)) high = middle;
    else low = middle;
  }
  return high;
}

const sum = (values: Float64Array | Uint32Array): number => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};
