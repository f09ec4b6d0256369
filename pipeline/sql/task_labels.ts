/**
 * Numbers that Spark assigns to a task each.
 *
 * Spark sends rows to one of n tasks by a hash of the grouping value. Hashes of n numbers collide: some task would have three times
 * its share, another none. So parts are not labeled 0, 1, 2 …, but with numbers that hash to different tasks.
 *
 * @module
 */

/** Spark's seed for hashing a row. */
const SEED = 42;

const rotated = (value: number, bits: number) => value << bits | value >>> (32 - bits);

/** Computes the Murmur3 hash (x86, 32 bits) of a 32-bit number, as Spark does. */
export function sparkHash(value: number): number {
  const word = Math.imul(rotated(Math.imul(value, 0xcc9e2d51), 15), 0x1b873593);
  let hash = Math.imul(rotated(SEED ^ word, 13), 5) + 0xe6546b64 ^ 4; // number of bytes
  hash = Math.imul(hash ^ hash >>> 16, 0x85ebca6b);
  hash = Math.imul(hash ^ hash >>> 13, 0xc2b2ae35);
  return hash ^ hash >>> 16;
}

const known = new Map<number, number[]>();

/**
 * Returns n ascending numbers, each of which goes to a different one of n tasks.
 *
 * @example
 * ```ts
 * import { taskLabels } from "./task_labels.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(taskLabels(4), [0, 2, 6, 12]);
 * ```
 */
export function taskLabels(n: number): number[] {
  const labels = known.get(n) ?? [], taken = new Set<number>();
  for (let label = 0; labels.length < n; label++) {
    const task = (sparkHash(label) % n + n) % n;
    if (taken.has(task)) continue;
    taken.add(task);
    labels.push(label);
  }
  known.set(n, labels);
  return labels;
}
