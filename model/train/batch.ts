/**
 * Training examples: a target and the items before it, given by the target's row alone. Sequences are never copied but
 * for the batch at hand.
 *
 * @module
 */
import type { Sequences } from "../../pipeline/contract/dataset/users_part.ts";
import type { Histories } from "../recommender.ts";

/** A batch of histories, embedded by place: each different item occurs once in `items`. */
export interface Batch {
  /** Number of histories, B. */
  size: number;
  /** [u]: the different items of the batch, those of the histories and the candidates. */
  items: Uint32Array;
  /** [T × B], time-major, newest last: places in `items` from 1; 0 for padding. */
  history: Int32Array;
  /** Places of the candidates handed over, in their order. */
  candidates: Int32Array[];
  /** [K × n], as `history`: the newest items before each target, where targets share histories. */
  recent?: Int32Array;
}

/** Makes batches; keeps the working memory from one to the next. */
export class Batcher {
  /** Of each item, its place in the current batch, valid where `stamps` holds the current batch's number. */
  readonly #places: Int32Array;
  readonly #stamps: Uint32Array;
  #stamp = 0;

  /**
   * @param items Number of items.
   * @param length Longest history, T. Of longer ones, the newest T items count.
   */
  constructor(readonly items: number, readonly length: number) {
    this.#places = new Int32Array(items + 1);
    this.#stamps = new Uint32Array(items + 1);
  }

  /**
   * A batch of some histories.
   *
   * @param candidates Lists of item ids that the batch must hold, too.
   * @param recent Other histories, of which the newest so many items count.
   */
  batch(
    histories: Histories,
    candidates: readonly Uint32Array[] = [],
    recent?: { histories: Histories; length: number },
  ): Batch {
    const stamp = ++this.#stamp, places = this.#places, stamps = this.#stamps;
    const found: number[] = [];
    const place = (item: number) => {
      if (stamps[item] !== stamp) {
        stamps[item] = stamp;
        places[item] = found.push(item);
      }
      return places[item];
    };
    const history = timeMajor(histories, this.length, place);
    const placed = candidates.map((list) => Int32Array.from(list, place));
    const newest = recent && timeMajor(recent.histories, recent.length, place);
    return {
      size: histories.starts.length,
      items: Uint32Array.from(found),
      history,
      candidates: placed,
      ...(newest && { recent: newest }),
    };
  }
}

/**
 * The newest items of each history, time-major with the newest last; 0 in front of short ones.
 *
 * @param length How many items of a history count.
 * @param of What stands for an item. Default: its id.
 * @returns [length × n]
 */
export function timeMajor(
  { items, starts, ends }: Histories,
  length: number,
  of: (item: number) => number = (item) => item,
): Int32Array {
  const n = starts.length, found = new Int32Array(length * n);
  for (let b = 0; b < n; b++) {
    const end = ends[b], start = Math.max(starts[b], end - length);
    for (let i = start, t = length - (end - start); i < end; i++, t++) found[t * n + b] = of(items[i]);
  }
  return found;
}

/** The histories before some targets, given by their rows in the dataset's interactions. */
export function historiesBefore({ offsets, items }: Sequences, rows: Uint32Array): Histories {
  const users = Uint32Array.from(rows, (row) => userOf(offsets, row));
  return { items, users, starts: users.map((user) => offsets[user]), ends: rows };
}

/**
 * The user whose row it is: the last one whose rows begin at or before it.
 *
 * @param offsets [users + 2] where each user's rows begin, and, last, where they end.
 */
export function userOf(offsets: Uint32Array, row: number): number {
  let low = 1, high = offsets.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (offsets[middle] <= row) low = middle;
    else high = middle - 1;
  }
  return low;
}
