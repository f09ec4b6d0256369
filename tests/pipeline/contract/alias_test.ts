import assert from "node:assert/strict";
import fc from "fast-check";
import { AliasTable } from "../../../pipeline/contract/alias.ts";
import { RandomStream } from "../../../pipeline/contract/random.ts";
import { chiSquaredScore } from "../../statistics.ts";

function draws(weights: number[], n: number, seed = 1): Uint32Array {
  const table = new AliasTable(weights),
    random = new RandomStream(seed, "alias"),
    counts = new Uint32Array(weights.length);
  for (let i = 0; i < n; i++) counts[table.draw(random)]++;
  return counts;
}

Deno.test("alias table: frequencies follow the weights", () => {
  const weights = [0, 5, 1, 0, 100, 3, 0.5, 20, 20], sum = weights.reduce((a, b) => a + b), n = 200_000;
  const counts = draws(weights, n);
  assert(Math.abs(chiSquaredScore(counts, weights.map((w) => w * n / sum))) < 4);
  assert.deepEqual([counts[0], counts[3]], [0, 0], "what has no weight is never drawn");
});

Deno.test("alias table: frequencies follow the weights, whatever these are", () => {
  const random = new RandomStream(3, "weights"), n = 20_000;
  for (const size of [2, 3, 5, 8, 13, 21, 34]) {
    for (const power of [0.5, 1, 3]) {
      const weights = Array.from({ length: size }, () => random.float() ** power);
      const sum = weights.reduce((a, b) => a + b), counts = draws(weights, n, size);
      const score = chiSquaredScore(counts, weights.map((w) => w * n / sum));
      assert(Math.abs(score) < 5, `${weights}: ${score}`);
    }
  }
});

Deno.test("alias table: one outcome, and outcomes of no weight, whatever the rounding", () => {
  assert.deepEqual([...draws([3], 10)], [10]);
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constant(0), fc.double({ min: 1e-9, max: 1e9, noNaN: true })), { minLength: 1 }),
      (weights) => {
        fc.pre(weights.some((w) => w > 0));
        draws(weights, 200).forEach((count, i) => assert(weights[i] > 0 || count === 0));
      },
    ),
    { numRuns: 100 },
  );
});

Deno.test("alias table: weights that are none", () => {
  assert.throws(() => new AliasTable([1, -1]), /Weight 1 is -1/);
  assert.throws(() => new AliasTable([1, NaN]), /Weight 1 is NaN/);
  assert.throws(() => new AliasTable([0, 0]), /nothing can be drawn/);
  assert.throws(() => new AliasTable([]), /nothing can be drawn/);
});
