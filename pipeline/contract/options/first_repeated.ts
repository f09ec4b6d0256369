/**
 * Finds repeated values in a list.
 *
 * @module
 */

/**
 * Returns the first value that equals an earlier one; undefined if all differ.
 *
 * @example
 * ```ts
 * import { firstRepeated } from "./first_repeated.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(firstRepeated([3, 5, 8, 5, 3]), 5);
 * assert.equal(firstRepeated(["user", "item"]), undefined);
 * ```
 */
export function firstRepeated<T>(values: Iterable<T>): T | undefined {
  const before = new Set<T>();
  for (const value of values) {
    if (before.has(value)) return value;
    before.add(value);
  }
}
