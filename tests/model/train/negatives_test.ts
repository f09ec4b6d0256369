import assert from "node:assert/strict";
import { DISTRIBUTIONS, NegativeSampler } from "../../../model/train/negatives.ts";
import { chiSquaredScore } from "../../statistics.ts";

/** How often each of six items occurs in training; item 4 never does. */
const COUNTS = Uint32Array.of(0, 2, 1, 4, 0, 3, 2);
/** User 1 has 1 and 2 in training, 3 as validation; user 2 has every item that can be drawn by popularity. */
const SEQUENCES = {
  offsets: Uint32Array.of(0, 0, 3, 8),
  items: Uint32Array.of(1, 2, 3, 6, 1, 2, 3, 5),
  splits: Uint8Array.of(0, 0, 1, 0, 0, 0, 0, 0),
  timestamps: new Float64Array(8),
};
const WEIGHTS = { uniform: [0, 1, 1, 1, 1, 1, 1], popularity: [0, 2, 1, 4, 0, 3, 2] };
/** Targets of users of these sequences. */
const asked = (users: readonly number[], targets: readonly number[]) => ({
  users: Uint32Array.from(users),
  targets: Uint32Array.from(targets),
  sequences: SEQUENCES,
});
const sampler = (distribution: keyof typeof WEIGHTS, seed = 1) =>
  new NegativeSampler(distribution, COUNTS, seed);

for (const distribution of DISTRIBUTIONS) {
  const weights = WEIGHTS[distribution], sum = weights.reduce((a, b) => a + b);
  /** How far the draws are from the expectation if only `allowed` items are drawn. */
  const score = (drawn: Uint32Array, allowed: (item: number) => boolean) => {
    const chances = weights.map((weight, item) => allowed(item) ? weight : 0);
    const total = chances.reduce((a, b) => a + b), counts = new Float64Array(7);
    drawn.forEach((item) => counts[item]++);
    const unexpected = counts.filter((count, item) => count > 0 && chances[item] === 0);
    assert.equal(unexpected.length, 0, `${counts}`);
    return Math.abs(chiSquaredScore(counts, chances.map((chance) => drawn.length * chance / total)));
  };

  Deno.test(`${distribution}: shared negatives are distributed as weights are, and their chance is known`, () => {
    const negatives = sampler(distribution), drawn = negatives.shared(20_000, 3);
    assert(score(drawn, () => true) < 4);
    for (const item of [1, 2, 3, 5, 6]) {
      assert.equal(negatives.logChance(item), Math.log(weights[item] / sum));
    }
    // An item that is never drawn has the chance of the rarest one.
    assert.equal(negatives.logChance(4), Math.log(1 / sum));
  });

  Deno.test(`${distribution}: a target's negatives are neither it nor what its user has in training`, () => {
    const negatives = sampler(distribution);
    const drawn = negatives.each(asked([1], [5]), 20_000, 0);
    // 3, which is of the validation, is unknown in training.
    assert(score(drawn, (item) => ![1, 2, 5].includes(item)) < 4);
  });
}

Deno.test("where a user has everything, one of its own is drawn rather than none", () => {
  const drawn = sampler("popularity").each(asked([2], [1]), 3, 0);
  assert([...drawn].every((item) => [1, 2, 3, 5, 6].includes(item)), `${drawn}`);
});

Deno.test("a draw is a function of seed, batch and place: whatever was drawn before", () => {
  const both = asked([1, 1], [1, 2]), one = sampler("uniform"), other = sampler("uniform");
  other.each(both, 7, 4);
  other.shared(9, 5);
  for (const kind of ["each target", "shared"] as const) {
    const draw = (from: NegativeSampler, batch: number) => [...from.draw(kind, both, 50, batch)];
    assert.deepEqual(draw(other, 5), draw(one, 5));
    assert.notDeepEqual(draw(one, 6), draw(one, 5));
    assert.notDeepEqual(draw(sampler("uniform", 2), 5), draw(one, 5));
  }
  const first = one.each(both, 50, 5), second = one.each(asked([1], [2]), 50, 5);
  assert.deepEqual(first.length, 100);
  assert.notDeepEqual(first.slice(50), second, "the second place of a batch has numbers of its own");
  assert.equal(one.draw("none", both, 50, 5).length, 0);
});

/** One user who has these items, repeated this many times, in training, and one more as validation; the next user has 4. */
function userWith(items: readonly number[], times: number) {
  const rows = Array.from({ length: times }, () => items).flat(), { length } = rows;
  return {
    offsets: Uint32Array.of(0, 0, length + 1, length + 2),
    items: Uint32Array.of(...rows, 6, 4),
    splits: new Uint8Array(length + 2).fill(1, length, length + 1),
    timestamps: new Float64Array(length + 2),
  };
}

Deno.test("a user of thousands of interactions has the same negatives as one of the same few items", () => {
  const users = new Uint32Array(40).fill(1), targets = Uint32Array.from(users, (_, i) => 1 + i % 6);
  for (const distribution of DISTRIBUTIONS) {
    const [few, many] = [1, 800].map((times) =>
      sampler(distribution).each({ users, targets, sequences: userWith([5, 1, 2], times) }, 10, 3)
    );
    assert.deepEqual(many, few);
    many.forEach((item, i) => assert(![1, 2, 5, targets[Math.floor(i / 10)]].includes(item)));
    assert(many.includes(6) && many.includes(3), "what is of the validation is drawn, too");
    assert.equal(many.includes(4), distribution === "uniform", "and what others have");
  }
});

Deno.test("a user's targets take time in proportion to their number, however long the sequence is", () => {
  const users = new Uint32Array(3000).fill(1), targets = users, negatives = sampler("uniform");
  /** Milliseconds, the minimum of three measurements. */
  const time = (times: number) => {
    const sequences = userWith([5, 1], times);
    return Math.min(...[0, 1, 2].map((batch) => {
      const started = performance.now();
      negatives.each({ users, targets, sequences }, 1, batch);
      return performance.now() - started;
    }));
  };
  const [short, long] = [time(5), time(50_000)];
  assert(long < 50 * short, `${short} ms, with a sequence of 100,000 ${long} ms`);
});
