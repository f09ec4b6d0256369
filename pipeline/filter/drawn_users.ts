/**
 * A part of the users, drawn at random.
 *
 * @module
 */
import { hashOf } from "../contract/files/hash.ts";

/** Hexadecimal digits that a Number holds. */
const DIGITS = 13;

/**
 * Draws users without replacement, each as likely as any other. Whether one is drawn follows from the seed and their own id, by which all are put
 * in an order: the rows' order has no part in it, of more users that are drawn those of fewer are a part, and of a log that grows most stay.
 *
 * @param ids Each once.
 * @returns That many of them, in their order; all where there are no more.
 */
export function drawnUsers(ids: readonly string[], count: number, seed: number): string[] {
  if (ids.length <= count) return [...ids];
  const places = Float64Array.from(ids, (id) => parseInt(hashOf(`${seed} ${id}`).slice(0, DIGITS), 16));
  const last = places.toSorted()[count - 1];
  return ids.filter((_, i) => places[i] <= last);
}
