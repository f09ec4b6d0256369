import assert from "node:assert/strict";
import fc from "fast-check";
import { holm } from "../../../model/evaluate/holm.ts";
import { twoSidedP, twoSidedT } from "../../../model/evaluate/student_t.ts";

const near = (actual: number, expected: number, tolerance = 1e-12) =>
  assert.ok(Math.abs(actual - expected) <= tolerance * Math.abs(expected), `${actual}, expected ${expected}`);

Deno.test("Student's t with 1, 2 and 3 degrees of freedom has closed forms", () => {
  for (const t of [0.001, 0.3, 1, 2.5, 12, 40]) {
    near(twoSidedP(t, 1), 2 * Math.atan(1 / t) / Math.PI);
    near(twoSidedP(t, 2), 2 / (Math.sqrt(2 + t * t) * (Math.sqrt(2 + t * t) + t)));
    const angle = Math.atan(t / Math.sqrt(3));
    near(twoSidedP(t, 3), 1 - 2 / Math.PI * (angle + Math.sin(angle) * Math.cos(angle)), 1e-10);
  }
});

Deno.test("Student's t as the tables of Abramowitz and Stegun, 26.10, have it", () => {
  const table: [degreesOfFreedom: number, confidence: number, t: number][] = [
    [1, 0.95, 12.706],
    [4, 0.9, 2.132],
    [10, 0.95, 2.228],
    [10, 0.99, 3.169],
    [30, 0.98, 2.457],
    [60, 0.95, 2],
    [120, 0.999, 3.373],
  ];
  for (const [degreesOfFreedom, confidence, t] of table) {
    near(twoSidedT(1 - confidence, degreesOfFreedom), t, 2e-4);
  }
});

Deno.test("with many degrees of freedom it is the normal distribution", () => {
  near(twoSidedP(1.959963984540054, 1e9), 0.05, 1e-7);
  near(twoSidedT(0.05, 1e9), 1.959963984540054, 1e-7);
});

Deno.test("what is far from 0 is unlikely, and neither 0 nor 1 by cancellation", () => {
  near(twoSidedP(1e8, 1), 2 * Math.atan(1e-8) / Math.PI);
  near(twoSidedP(1e8, 2), 1e-16);
  assert.equal(twoSidedP(0, 7), 1);
  assert.equal(twoSidedP(Infinity, 7), 0);
  assert.equal(twoSidedP(1e200, 7), 0);
  assert.ok(twoSidedP(-1e-9, 7) < 1 && twoSidedP(-1e-9, 7) > 1 - 1e-8);
});

Deno.test("p falls with t, is the same on either side, and its inverse gives t again", () => {
  fc.assert(fc.property(
    fc.double({ min: 1e-3, max: 30, noNaN: true }),
    fc.integer({ min: 1, max: 100_000 }),
    (t, degreesOfFreedom) => {
      const p = twoSidedP(t, degreesOfFreedom);
      assert.equal(twoSidedP(-t, degreesOfFreedom), p);
      assert.ok(p > 0 && p < 1 && twoSidedP(t * 1.01, degreesOfFreedom) < p);
      near(twoSidedT(p, degreesOfFreedom), t, 1e-9);
    },
  ));
});

Deno.test("Holm: the smallest p counts n times, the next n − 1 times, never falling, at most 1", () => {
  // Ascending: 4 × 0.005, 3 × 0.01, 2 × 0.03, and 0.04 is not below what comes before it.
  holm([0.01, 0.04, 0.03, 0.005]).forEach((p, i) => near(p, [0.03, 0.06, 0.06, 0.02][i]));
  assert.deepEqual(holm([0.9, 0.8]), [1, 1]);
  assert.deepEqual(holm([0.2, 0.2]), [0.4, 0.4]);
  assert.deepEqual(holm([]), []);
});
