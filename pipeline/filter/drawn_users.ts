/**
 * Draws a random sample of users.
 *
 * @module
 */
import { hashOf } from "../contract/files/checksums.ts";

/** Number of hexadecimal digits that a Number holds exactly. */
const DIGITS = 13;

/**
 * Draws users without replacement, each with the same probability. Users are ranked by a hash of the seed and their own id, so the order
 * of rows does not matter, a smaller sample is part of a larger one, and most users stay in the sample when the log grows.
 *
 * @param ids The users' ids, each once.
 * @returns `count` of them, in their given order; all if there are no more.
 */
export function drawnUsers(ids: readonly string[], count: number, seed: number): string[] {
  if (ids.length <= count) return [...ids];
  const places = Float64Array.from(ids, (id) => parseInt(hashOf(`${seed} ${id}`).slice(0, DIGITS), 16));
  const last = places.toSorted()[count - 1];
  return ids.filter((_, i) => places[i] <= last);
}
