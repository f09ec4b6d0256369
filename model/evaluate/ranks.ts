/**
 * Ranks of targets: among frozen negatives, and among all items.
 *
 * Rank 1 is the best. A candidate with the same score as the target ranks before it, so a method that scores all
 * items alike is the worst of all, not a lucky one.
 *
 * @module
 */
import type { Histories } from "../recommender.ts";
import type { ItemSet } from "./item_set.ts";

/** Which columns of a block of candidates belong to one protocol. Column 0 is the target. */
export interface Columns {
  /** Candidates for each history, the target included. */
  width: number;
  /** The first column of the protocol's negatives. */
  from: number;
  /** Behind its last. */
  to: number;
}

/**
 * Ranks the target of each history among its negatives. An item that is among them twice counts once, as in
 * RecBole; the target itself does not count.
 *
 * @param scores [n × width], no NaN.
 * @param candidates [n × width] item ids.
 * @returns [n] ranks, 1 … to − from + 1.
 */
export function ranksAmongNegatives(
  scores: Float32Array,
  candidates: Uint32Array,
  { width, from, to }: Columns,
  itemSet: ItemSet,
): Uint32Array {
  const ranks = new Uint32Array(scores.length / width);
  for (let i = 0; i < ranks.length; i++) {
    const row = i * width, own = scores[row];
    itemSet.clear();
    itemSet.add(candidates[row]);
    let rank = 1;
    for (let j = row + from; j < row + to; j++) {
      if (scores[j] >= own && itemSet.add(candidates[j])) rank++;
    }
    ranks[i] = rank;
  }
  return ranks;
}

/**
 * Ranks the target of each history among all items.
 *
 * @param scores [n × (items + 1)], column 0 is the padding; no NaN.
 * @param targets [n] item ids.
 * @param seen The histories whose items, but for the target, are left out of the ranking. Not given: none are.
 * @returns [n] ranks, 1 … items.
 */
export function ranksAmongAll(
  scores: Float32Array,
  targets: Uint32Array,
  itemSet: ItemSet,
  seen?: Histories,
): Uint32Array {
  const width = scores.length / targets.length;
  const ranks = new Uint32Array(targets.length);
  for (let i = 0; i < targets.length; i++) {
    const row = i * width, own = scores[row + targets[i]];
    let rank = 0; // the target counts itself
    for (let j = row + 1; j < row + width; j++) if (scores[j] >= own) rank++;
    if (seen) {
      itemSet.clear();
      itemSet.add(targets[i]);
      for (let j = seen.starts[i]; j < seen.ends[i]; j++) {
        const item = seen.items[j];
        if (scores[row + item] >= own && itemSet.add(item)) rank--;
      }
    }
    ranks[i] = rank;
  }
  return ranks;
}
