/**
 * What users have had before their targets: the items whose scores are shifted in a softmax over all items, as in the
 * model (`model/seen_bias.ts`).
 *
 * @module
 */
import type { ShiftedItems } from "../backend/cross_entropy.ts";

/** Rows of the interactions that count as seen at each target: `from` ≤ row < `to`. */
export interface SeenRows {
  /** [n] */
  from: Uint32Array;
  /** [n] */
  to: Uint32Array;
  /** The target's own row, if it is among those, [n]: it is what is asked for. */
  but?: Uint32Array;
}

/**
 * Maximum number of a user's interactions that count, the newest ones: a few users with hundreds of thousands must
 * not dominate the work.
 */
const MOST = 10_000;

/** Lists the items that were seen before the targets of a batch, and keeps its working memory between batches. */
export class SeenItems {
  /** For each item, the number of the last target that it was listed for. */
  readonly #stamps: Uint32Array;
  #stamp = 0;

  /**
   * @param count Number of items.
   * @param bias The value added to their scores.
   */
  constructor(count: number, readonly bias: number) {
    this.#stamps = new Uint32Array(count + 1);
  }

  /**
   * Returns the items of these interactions, each once for a target; undefined if that would change nothing.
   *
   * @param items Items of all rows.
   */
  before(items: Uint32Array, { from, to, but }: SeenRows): ShiftedItems | undefined {
    if (this.bias === 0) return undefined;
    const starts = from.map((start, i) => Math.max(start, to[i] - MOST));
    const found = new Int32Array(starts.reduce((sum, start, i) => sum + to[i] - start, 0));
    const ends = new Int32Array(starts.length);
    let n = 0;
    for (let i = 0; i < starts.length; i++) {
      const stamp = this.#next();
      for (let row = starts[i]; row < to[i]; row++) {
        const item = items[row];
        if (row === but?.[i] || this.#stamps[item] === stamp) continue;
        this.#stamps[item] = stamp;
        found[n++] = item;
      }
      ends[i] = n;
    }
    return { items: found.subarray(0, n), ends, by: this.bias };
  }

  #next(): number {
    if (this.#stamp === 2 ** 32 - 1) this.#stamp = this.#stamps.fill(0)[0];
    return ++this.#stamp;
  }
}

/** The shifts for the targets `from` ≤ i < `to` of a batch. */
export function shiftedBetween({ items, ends, by }: ShiftedItems, from: number, to: number): ShiftedItems {
  const start = from > 0 ? ends[from - 1] : 0;
  return {
    items: items.subarray(start, ends[to - 1]),
    ends: ends.subarray(from, to).map((end) => end - start),
    by,
  };
}
