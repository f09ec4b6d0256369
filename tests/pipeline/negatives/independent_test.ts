import assert from "node:assert/strict";
import { RandomStream } from "../../../pipeline/contract/random.ts";
import { IndependentSampler } from "../../../pipeline/negatives/independent.ts";
import { chiSquaredScore } from "../../statistics.ts";

/** How often each item is drawn if one is excluded, and how often it should be. */
function frequencies(weights: number[], excluded: number, n = 60_000) {
  const out = new Uint32Array(n);
  new IndependentSampler(Float64Array.from(weights)).draw(out, excluded, new RandomStream(5, "draws"));
  const observed = new Array(weights.length).fill(0);
  out.forEach((item) => observed[item]++);
  const left = weights.map((w, i) => i === excluded ? 0 : w), sum = left.reduce((a, b) => a + b);
  return { observed, expected: left.map((w) => n * w / sum) };
}

Deno.test("independent sampler: by weight, by rejection", () => {
  const { observed, expected } = frequencies([0, 1, 2, 0, 4, 5], 2);
  assert(Math.abs(chiSquaredScore(observed, expected)) < 4);
  assert.deepEqual([observed[0], observed[2], observed[3]], [0, 0, 0]);
});

Deno.test("independent sampler: by weight, where rejection would take for ever", () => {
  const weights = [0, 1, 2, 0, 4, 0, 5, 0];
  for (const excluded of [1, 4, 6]) {
    const heavy = weights.map((w, i) => i === excluded ? 1e40 : w);
    const { observed, expected } = frequencies(heavy, excluded, 6000);
    assert(Math.abs(chiSquaredScore(observed, expected)) < 4, `without ${excluded}`);
    assert.deepEqual([0, 3, 5, 7, excluded].map((item) => observed[item]), [0, 0, 0, 0, 0]);
  }
});

Deno.test("independent sampler: light items behind a heavy one that is not left out", () => {
  const { observed } = frequencies([0, 1e40, 1e60, 3, 1e40], 2, 6000);
  assert.deepEqual([observed[0], observed[2], observed[3]], [0, 0, 0]);
  assert(observed[1] > 2700 && observed[4] > 2700);
});
