import { strict as assert } from "node:assert";

/** Tolerance relative to the largest expected number, or to 1 if that is larger: single precision, sums of some thousands. */
const TOLERANCE = 1e-5;

/** Fails unless all numbers are near the expected ones. */
export function close(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
  tolerance = TOLERANCE,
): void {
  assert.equal(actual.length, expected.length, `${what}: length`);
  let top = 1;
  for (let i = 0; i < expected.length; i++) top = Math.max(top, Math.abs(expected[i]));
  for (let i = 0; i < expected.length; i++) {
    const off = Math.abs(actual[i] - expected[i]);
    if (!(off <= tolerance * top)) assert.fail(`${what}[${i}] is ${actual[i]}, expected ${expected[i]}`);
  }
}
