/**
 * Training examples: a target and the items before it, given only by the target's row. Sequences are never copied,
 * except for the current batch.
 *
 * @module
 */
import type { Sequences } from "../../pipeline/contract/dataset/users_part.ts";
import type { Histories } from "../recommender.ts";

/** A batch of histories, embedded by place: each distinct item occurs once in `items`. */
export interface Batch {
  /** Number of histories, B. */
  size: number;
  /** The distinct items of the batch, those of the histories and the candidates, [u]. */
  items: Uint32Array;
  /** Places in `items`, from 1, [T × B], time-major, newest last; 0 for padding. */
  history: Int32Array;
  /** Places of the given candidates, in their order. */
  candidates: Int32Array[];
  /** The newest items before each target, if targets share histories, [K × n], in the form of `history`. */
  recent?: Int32Array;
}

/** Makes batches, and keeps its working memory between them. */
export class Batcher {
  /** Each item's place in the current batch, valid if `stamps` holds the current batch's number. */
  readonly #places: Int32Array;
  readonly #stamps: Uint32Array;
  #stamp = 0;

  /**
   * @param items Number of items.
   * @param length Maximum length of a history, T. Of longer ones, the newest T items count.
   */
  constructor(readonly items: number, readonly length: number) {
    this.#places = new Int32Array(items + 1);
    this.#stamps = new Uint32Array(items + 1);
  }

  /**
   * Makes a batch of some histories.
   *
   * @param candidates Lists of item ids that the batch must also contain.
   * @param recent Other histories, and how many of their newest items count.
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
 * Returns the newest items of each history, time-major with the newest last, padded with 0 in front.
 *
 * @param length Number of items of a history that count.
 * @param of Returns the value that stands for an item. Default: its id.
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
 * The user that a row belongs to: the last one whose rows begin at or before it.
 *
 * @param offsets Where each user's rows begin, and at the end where the last ones end, [users + 2].
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
