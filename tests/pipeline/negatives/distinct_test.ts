import assert from "node:assert/strict";
import { RandomStream } from "../../../pipeline/contract/random.ts";
import { DistinctSampler } from "../../../pipeline/negatives/protocols.ts";
import { chiSquaredScore } from "../../statistics.ts";

Deno.test("distinct sampler: exactly what is left, when all of it is wanted", () => {
  const sampler = new DistinctSampler(Float64Array.of(0, 1, 2, 0, 4, 5));
  sampler.exclude(Uint32Array.of(2, 2, 3));
  assert.equal(sampler.available, 3);
  const out = new Uint32Array(3);
  sampler.draw(out, new RandomStream(1, "x"));
  assert.deepEqual([...out].sort(), [1, 4, 5]);
  assert.throws(
    () => sampler.draw(new Uint32Array(4), new RandomStream(1, "x")),
    /4 distinct items are wanted, 3 are there/,
  );
  sampler.exclude(new Uint32Array(0));
  assert.equal(sampler.available, 4, "an exclusion ends with the next");
});

/** Probabilities of ordered pairs drawn without replacement: w_a / W · w_b / (W − w_a). */
function pairCounts(
  weights: number[],
  excluded: number[],
  n: number,
): { observed: number[]; expected: number[] } {
  const sampler = new DistinctSampler(Float64Array.from(weights));
  sampler.exclude(Uint32Array.from(excluded));
  const random = new RandomStream(5, "pairs"), out = new Uint32Array(2), size = weights.length;
  const observed = new Array(size * size).fill(0), expected = new Array(size * size).fill(0);
  for (let i = 0; i < n; i++) {
    random.seek(i);
    sampler.draw(out, random);
    observed[out[0] * size + out[1]]++;
  }
  const left = weights.map((w, i) => excluded.includes(i) ? 0 : w), sum = left.reduce((a, b) => a + b);
  left.forEach((a, i) =>
    left.forEach((b, j) => i !== j && (expected[i * size + j] = n * a / sum * b / (sum - a)))
  );
  return { observed, expected };
}

Deno.test("distinct sampler: successive sampling, by rejection", () => {
  const { observed, expected } = pairCounts([0, 1, 2, 3, 4, 5], [2], 60_000);
  assert(Math.abs(chiSquaredScore(observed, expected)) < 4);
});

Deno.test("distinct sampler: successive sampling, where rejection would take for ever", () => {
  const { observed, expected } = pairCounts([0, 1e9, 1, 2, 3, 4], [1], 60_000);
  assert(Math.abs(chiSquaredScore(observed, expected)) < 4);
});

Deno.test("distinct sampler: successive sampling, where rejection finds some and the rest is drawn otherwise", () => {
  const { observed, expected } = pairCounts([0, 400, 1, 0, 2, 3, 4], [1], 60_000);
  assert(Math.abs(chiSquaredScore(observed, expected)) < 4);
});

Deno.test("distinct sampler: before anything is excluded all can be drawn", () => {
  const sampler = new DistinctSampler(Float64Array.of(0, 1, 2, 0, 4)), out = new Uint32Array(3);
  sampler.draw(out, new RandomStream(1, "x"));
  assert.deepEqual([sampler.available, ...out.sort()], [3, 1, 2, 4]);
});

Deno.test("distinct sampler: whoever owns nearly all items takes as long for each draw, however many these are", () => {
  const secondsOf = (items: number) => {
    const sampler = new DistinctSampler(new Float64Array(items + 1).fill(1, 1));
    sampler.exclude(Uint32Array.from({ length: items - 20 }, (_, i) => i + 1));
    const random = new RandomStream(1, "owner"), out = new Uint32Array(10), started = performance.now();
    for (let place = 0; place < 500; place++) {
      random.seek(place);
      sampler.draw(out, random);
    }
    return (performance.now() - started) / 1000;
  };
  secondsOf(1000);
  const few = secondsOf(10_000), many = secondsOf(1_000_000);
  assert(many < 10 * few + 0.5, `${few} s, ${many} s`);
});

Deno.test("distinct sampler: what rejection leaves short is drawn anew for each exclusion", () => {
  const weights = Float64Array.of(0, 1e9, 1, 2, 3, 1e9), random = new RandomStream(2, "anew");
  const drawn = (sampler: DistinctSampler, excluded: number[]) => {
    sampler.exclude(Uint32Array.from(excluded));
    const out = new Uint32Array(2);
    random.seek(1);
    sampler.draw(out, random);
    return [...out];
  };
  const one = new DistinctSampler(weights);
  for (const excluded of [[1, 5], [1, 2, 5], [1, 5, 4], [1, 5]]) {
    assert.deepEqual(drawn(one, excluded), drawn(new DistinctSampler(weights), excluded));
  }
});
