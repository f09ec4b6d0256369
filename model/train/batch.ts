/**
 * Histories, given only by the rows of what follows them. Sequences are never copied, except for the current batch.
 *
 * @module
 */
import type { Sequences } from "../../pipeline/contract/dataset/users_part.ts";
import type { Histories } from "../recommender.ts";

/**
 * Returns the newest items of each history, time-major with the newest last, padded with 0 in front.
 *
 * @param length Number of items of a history that count.
 * @returns [length × n]
 */
export function timeMajor({ items, starts, ends }: Histories, length: number): Int32Array {
  const n = starts.length, found = new Int32Array(length * n);
  for (let b = 0; b < n; b++) {
    const end = ends[b], start = Math.max(starts[b], end - length);
    for (let i = start, t = length - (end - start); i < end; i++, t++) found[t * n + b] = items[i];
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
