/**
 * What users have had before their targets: the items whose scores a softmax over all items shifts, as the model's are (`model/seen_bias.ts`).
 *
 * @module
 */
import type { ShiftedItems } from "../backend/linear_cross_entropy.ts";

/** Interactions that count as seen at each target, by their rows: `from` ≤ row < `to`. */
export interface SeenRows {
  /** [n] */
  from: Uint32Array;
  /** [n] */
  to: Uint32Array;
  /** [n] The target's own row, where that is among them: it is what is asked for. */
  but?: Uint32Array;
}

/** Of a user's interactions so many, the newest, count: a few users with hundreds of thousands shall not be most of the work. */
const MOST = 10_000;

/** Lists the items that were seen before the targets of a batch; keeps the working memory from one to the next. */
export class SeenItems {
  /** Of each item, the number of the last target that it was listed for. */
  readonly #stamps: Uint32Array;
  #stamp = 0;

  /**
   * @param count Number of items.
   * @param bias What their scores are given.
   */
  constructor(count: number, readonly bias: number) {
    this.#stamps = new Uint32Array(count + 1);
  }

  /**
   * The items of these interactions, each once for a target; undefined where that changes nothing.
   *
   * @param items Of all rows.
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

/** What is shifted for the targets `from` ≤ i < `to` of a batch. */
export function shiftedBetween({ items, ends, by }: ShiftedItems, from: number, to: number): ShiftedItems {
  const start = from > 0 ? ends[from - 1] : 0;
  return {
    items: items.subarray(start, ends[to - 1]),
    ends: ends.subarray(from, to).map((end) => end - start),
    by,
  };
}
