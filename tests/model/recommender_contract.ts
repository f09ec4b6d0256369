/**
 * The contract of every recommender, AutoMLP and baselines alike.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { Histories, Recommender } from "../../model/recommender.ts";
import { RandomStream } from "../../pipeline/contract/random.ts";

/** Options of {@link recommenderContract}. */
export interface ContractOptions {
  /** Maximum difference of two scores that count as the same, relative to the larger one or to 1. Default 0: not at all. */
  tolerance?: number;
  /** Number of users in the training data; see {@link Histories.users}. */
  users: number;
}

/**
 * Registers a test that runs the contract.
 *
 * @param make Trains the recommender; it is called twice, and must return equal ones.
 */
export function recommenderContract(
  name: string,
  make: () => Promise<Recommender>,
  { tolerance = 0, users }: ContractOptions,
): void {
  const close = (actual: ArrayLike<number>, expected: ArrayLike<number>, message = "scores") => {
    assert.equal(actual.length, expected.length, message);
    for (let i = 0; i < actual.length; i++) {
      const allowed = tolerance * Math.max(1, Math.abs(expected[i]));
      if (actual[i] === expected[i] || Math.abs(actual[i] - expected[i]) <= allowed) continue;
      assert.fail(`${message}: number ${i} is ${actual[i]}, expected ${expected[i]}`);
    }
  };

  Deno.test(`${name} keeps to the contract of recommenders`, async (t) => {
    const recommender = await make();
    const { items } = recommender, width = items + 1, c = 7;
    const random = new RandomStream(1, "contract");
    const histories = randomHistories(random, items, users);
    const n = histories.starts.length;
    const candidates = Uint32Array.from({ length: n * c }, () => 1 + random.below(items));
    const all = await recommender.score(histories);

    await t.step("says what it is", () => {
      assert.ok(recommender.name.length > 0);
      assert.ok(Number.isInteger(items) && items > 0);
      assert.ok(Number.isInteger(recommender.parameters) && recommender.parameters >= 0);
    });

    await t.step("scores all items: finite, and −∞ for the padding", () => {
      assert.ok(all instanceof Float32Array);
      assert.equal(all.length, n * width);
      all.forEach((score, i) =>
        i % width === 0
          ? assert.equal(score, -Infinity)
          : assert.ok(Number.isFinite(score), `item ${i % width}: ${score}`)
      );
    });

    await t.step("scores candidates as it does among all items", async () => {
      const some = await recommender.score(histories, candidates);
      assert.ok(some instanceof Float32Array);
      close(some, Array.from(candidates, (item, i) => all[Math.floor(i / c) * width + item]));
    });

    await t.step("scores the same candidate twice alike", async () => {
      const item = 1 + random.below(items);
      const [one, two] = await recommender.score(single(histories, 0), Uint32Array.of(item, item));
      close([one], [two]);
    });

    await t.step("scores no histories at all", async () => {
      const none = { items: histories.items, starts: new Uint32Array(0), ends: new Uint32Array(0) };
      assert.equal((await recommender.score(none)).length, 0);
      assert.equal((await recommender.score(none, new Uint32Array(0))).length, 0);
    });

    await t.step("scores histories by themselves as it does together, in any order", async () => {
      const order = Array.from({ length: n }, (_, i) => n - 1 - i);
      const turned = await recommender.score(pick(histories, order));
      order.forEach((from, to) =>
        close(
          turned.subarray(to * width, (to + 1) * width),
          all.subarray(from * width, (from + 1) * width),
          `history ${from} in reverse order`,
        )
      );
      for (const i of [0, 1, n - 1]) {
        const alone = await recommender.score(single(histories, i));
        close(alone, all.subarray(i * width, (i + 1) * width), `history ${i} alone`);
      }
    });

    await t.step("reads nothing before or behind a history", async () => {
      const [start, end] = [histories.starts[2], histories.ends[2]];
      const moved = await recommender.score({
        items: histories.items.slice(start, end),
        starts: Uint32Array.of(0),
        ends: Uint32Array.of(end - start),
        users: histories.users!.slice(2, 3),
      });
      close(moved, all.subarray(2 * width, 3 * width));
    });

    await t.step("scores for users never seen", async () => {
      const { items, starts, ends } = histories;
      const unnamed = await recommender.score({ items, starts, ends });
      assert.ok(unnamed.every((score, i) => i % width === 0 || Number.isFinite(score)));
      close(await recommender.score({ items, starts, ends, users: new Uint32Array(n) }), unnamed);
    });

    await t.step("leaves its arguments as they are, and its scores to the caller", async () => {
      const before = structuredClone({ histories, candidates });
      (await recommender.score(histories)).fill(0);
      (await recommender.score(histories, candidates)).fill(0);
      assert.deepEqual({ histories, candidates }, before);
      close(await recommender.score(histories), all);
    });

    await t.step("is the same when trained again", async () => {
      const again = await make();
      assert.equal(again.parameters, recommender.parameters);
      close(await again.score(histories), all);
    });
  });
}

/** Histories of 0, 1, 3, 500 and other numbers of items, of known and unknown users. */
function randomHistories(random: RandomStream, items: number, users: number): Histories {
  const lengths = [0, 1, 3, 500, ...Array.from({ length: 12 }, () => random.below(80))];
  const ends = Uint32Array.from(lengths);
  for (let i = 1; i < ends.length; i++) ends[i] += ends[i - 1];
  return {
    items: Uint32Array.from({ length: ends.at(-1)! }, () => 1 + random.below(items)),
    starts: Uint32Array.from(ends, (end, i) => end - lengths[i]),
    ends,
    users: Uint32Array.from(lengths, (_, i) => i % 5 === 4 ? 0 : 1 + random.below(users)),
  };
}

function pick({ items, starts, ends, users }: Histories, places: number[]): Histories {
  const of = (array: Uint32Array) => Uint32Array.from(places, (i) => array[i]);
  return { items, starts: of(starts), ends: of(ends), users: users && of(users) };
}

const single = (histories: Histories, i: number) => pick(histories, [i]);
