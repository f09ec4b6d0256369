import assert from "node:assert/strict";
import { philox4x32 } from "../../../pipeline/contract/philox.ts";
import { RandomStream } from "../../../pipeline/contract/random.ts";
import { chiSquaredScore } from "../../statistics.ts";

Deno.test("random stream: a draw depends on seed, purpose, stream and position, and on nothing else", () => {
  const first = (seed: number, purpose: string, stream: number, substream = 0) => {
    const random = new RandomStream(seed, purpose);
    random.seek(stream, substream);
    return random.float();
  };
  const base = first(7, "negatives", 3);
  assert.notEqual(base, first(8, "negatives", 3));
  assert.notEqual(base, first(7 + 2 ** 40, "negatives", 3), "the upper bits of a seed count");
  assert.notEqual(base, first(7, "dropout", 3));
  assert.notEqual(base, first(7, "negatives", 4));
  assert.notEqual(base, first(7, "negatives", 3, 1));
  const random = new RandomStream(7, "negatives");
  random.seek(9);
  for (let i = 0; i < 11; i++) random.uint32();
  random.seek(3);
  assert.equal(random.float(), base);
});

Deno.test("random stream: its numbers are the blocks of a counter under the key of seed and purpose, and stay so", () => {
  const random = new RandomStream(7 + 5 * 2 ** 32, "negatives"), fnv = 0x0b3c64eb; // FNV-1a of the purpose, 32 bits
  const words = new Uint32Array(2000);
  for (const [stream, substream] of [[42, 0], [43, 0], [42, 6], [42, 7]]) {
    philox4x32(words, { counter: [0, stream, substream, 0], key: [7, 5 ^ fnv] });
    random.seek(stream, substream);
    assert.deepEqual(Uint32Array.from(words, () => random.uint32()), words);
    random.seek(stream, substream);
    random.uint32(); // every other float begins in the middle of a block, some with the last of the words that were generated together
    for (let at = 1; at + 1 < words.length; at += 2) {
      const float = (Math.floor(words[at] / 32) * 2 ** 26 + Math.floor(words[at + 1] / 64)) / 2 ** 53;
      assert.equal(random.float(), float);
    }
  }
  const fresh = new RandomStream(0, "x"), first = fresh.uint32();
  fresh.seek(0);
  assert.equal(fresh.uint32(), first, "it begins at stream 0");
});

Deno.test("random stream: numbers are uniform", () => {
  const random = new RandomStream(1, "uniform"), counts = new Uint32Array(100), n = 100_000;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const x = random.float();
    assert(x >= 0 && x < 1);
    sum += x;
    counts[random.below(100)]++;
  }
  assert(Math.abs(sum / n - 0.5) < 0.005);
  assert(Math.abs(chiSquaredScore(counts, new Float64Array(100).fill(n / 100))) < 4);
});

Deno.test("random stream: normal numbers have the moments and the tails of the normal distribution", () => {
  const random = new RandomStream(1, "normal"), n = 100_000;
  const draws = Float64Array.from({ length: n }, () => random.normal());
  const mean = (of: (x: number) => number) => draws.reduce((sum, x) => sum + of(x), 0) / n;
  assert(Math.abs(mean((x) => x)) < 0.015);
  assert(Math.abs(mean((x) => x ** 2) - 1) < 0.02);
  assert(Math.abs(mean((x) => x ** 4) - 3) < 0.15);
  assert(Math.abs(mean((x) => Number(Math.abs(x) > 1.96)) - 0.05) < 0.003);
});

Deno.test("random stream: a seed that is none", () => {
  for (const seed of [-1, 0.5, NaN, 2 ** 53]) {
    assert.throws(() => new RandomStream(seed, "x"), /Cannot seed with/);
  }
});
