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
import { ItemsAhead } from "./items_ahead.ts";

/** The columns of a block of candidates that belong to one protocol. Column 0 is the target. */
export interface Columns {
  /** Number of candidates for each history, including the target. */
  width: number;
  /** The first column of the protocol's negatives. */
  from: number;
  /** The column behind the last one. */
  to: number;
}

/**
 * The correction of the scores before ranking: τ log q_j is subtracted for item j. One pass gives the ranks for
 * several τ, because the τ for which an item ranks before the target form a half-line.
 */
export interface Adjustments {
  /** The values of τ, ascending. */
  taus: readonly number[];
  /** log q, [items + 1]. */
  logPopularity: Float32Array;
}

/** No adjustment. */
const UNADJUSTED: Adjustments = { taus: [0], logPopularity: new Float32Array(0) };

/**
 * Ranks the target of each history among its negatives. An item that occurs twice among them counts once, as in
 * RecBole; the target itself does not count.
 *
 * @param scores Scores, [n × width], no NaN.
 * @param candidates Item ids, [n × width].
 * @returns For each τ, [n] ranks, 1 … to − from + 1.
 */
export function ranksAmongNegatives(
  scores: Float32Array,
  candidates: Uint32Array,
  { width, from, to }: Columns,
  itemSet: ItemSet,
  adjustments: Adjustments = UNADJUSTED,
): Uint32Array[] {
  const n = scores.length / width, ahead = new Ahead(adjustments);
  const ranks = adjustments.taus.map(() => new Uint32Array(n));
  for (let i = 0; i < n; i++) {
    const row = i * width;
    itemSet.clear();
    itemSet.add(candidates[row]);
    ahead.start(scores[row], candidates[row]);
    for (let j = row + from; j < row + to; j++) {
      if (itemSet.add(candidates[j])) ahead.count(scores[j], candidates[j], 1);
    }
    ranks.forEach((of, t) => of[i] = 1 + ahead.counts[t]);
  }
  return ranks;
}

/**
 * Ranks the target of each history among all items.
 *
 * @param scores Scores, [n × (items + 1)]; column 0 is the padding; no NaN.
 * @param targets Item ids, [n].
 * @param seen The histories whose items, except for the target, are left out of the ranking. Default: none are left
 * out.
 * @returns For each τ, [n] ranks, 1 … items.
 */
export function ranksAmongAll(
  scores: Float32Array,
  targets: Uint32Array,
  itemSet: ItemSet,
  seen?: Histories,
  adjustments: Adjustments = UNADJUSTED,
): Uint32Array[] {
  const width = scores.length / targets.length, ahead = new Ahead(adjustments);
  const ranks = adjustments.taus.map(() => new Uint32Array(targets.length));
  for (let i = 0; i < targets.length; i++) {
    const row = i * width, target = targets[i];
    ahead.start(scores[row + target], target);
    ahead.countAll(scores, row, width);
    if (seen) {
      itemSet.clear();
      itemSet.add(target);
      for (let j = seen.starts[i]; j < seen.ends[i]; j++) {
        const item = seen.items[j];
        if (itemSet.add(item)) ahead.count(scores[row + item], item, -1);
      }
    }
    ranks.forEach((of, t) => of[i] = ahead.counts[t]); // the target counts itself
  }
  return ranks;
}

/** Counts the items that rank before one target, for each τ. */
class Ahead {
  /** Number of items before the target, [taus]. */
  readonly counts: Int32Array;
  readonly #taus: readonly number[];
  readonly #plain: boolean;
  readonly #logPopularity: Float32Array;
  #all?: ItemsAhead;
  #score = 0;
  #ofTarget = 0;

  constructor({ taus, logPopularity }: Adjustments) {
    this.counts = new Int32Array(taus.length);
    this.#taus = taus;
    this.#plain = taus.every((tau) => tau === 0);
    this.#logPopularity = logPopularity;
  }

  start(score: number, target: number): void {
    this.counts.fill(0);
    this.#score = score;
    this.#ofTarget = this.#plain ? 0 : this.#logPopularity[target];
  }

  /**
   * Counts the items of one row of scores, [items + 1] from `row` on: the same as {@link Ahead.count} for each of
   * them, but many times faster.
   */
  countAll(scores: Float32Array, row: number, width: number): void {
    if (!Number.isFinite(this.#score)) { // the difference of two infinite scores is not defined
      for (let item = 1; item < width; item++) this.count(scores[row + item], item, 1);
      return;
    }
    this.#all ??= new ItemsAhead(
      this.#taus,
      this.#plain ? new Float32Array(width - 1) : this.#logPopularity.subarray(1),
    );
    this.counts.set(this.#all.count(scores.subarray(row + 1, row + width), this.#score, this.#ofTarget));
  }

  /** Adds `by` for each τ with which an item ranks before the target: score − τ log q is at least the target's. */
  count(score: number, item: number, by: number): void {
    const own = this.#score, counts = this.counts, taus = this.#taus;
    if (this.#plain) {
      if (score >= own) { for (let t = 0; t < taus.length; t++) counts[t] += by; }
      return;
    }
    const lead = score === own ? 0 : score - own; // both may be infinite
    const more = this.#logPopularity[item] - this.#ofTarget;
    // A more popular item ranks before the target for the smaller τ, a less popular one for the larger.
    if (more >= 0) { for (let t = 0; t < taus.length && lead >= taus[t] * more; t++) counts[t] += by; }
    else for (let t = taus.length - 1; t >= 0 && lead >= taus[t] * more; t--) counts[t] += by;
  }
}
