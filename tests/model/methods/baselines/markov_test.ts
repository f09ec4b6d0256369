import assert from "node:assert/strict";
import { markov } from "../../../../model/methods/baselines.ts";
import { inFolder, makeDataset } from "../../../pipeline/export/dataset.ts";
import type { Recommender } from "../../../../model/recommender.ts";
import { recommenderContract } from "../../recommender_contract.ts";
import { SHOP } from "./shop.ts";

Deno.test("logarithms of smoothed shares of transitions, by hand", () =>
  inFolder(async (folder) => {
    // Training: a b a b c, and b; the rest is held out. Items a, b, c, d.
    const dataset = await makeDataset(folder, {
      sequences: { u: ["a", "b", "a", "b", "c", "d", "d"], v: ["b", "a", "a"] },
    });
    const recommender = await markov.fit(dataset, { smoothing: 2 });
    // Counts 2, 3, 1, 0 of 6, one more each: shares .3, .4, .2, .1. Transitions: a → b twice, b → a, b → c.
    const p = [0.3, 0.4, 0.2, 0.1];
    const histories = {
      items: Uint32Array.of(2, 1, 1, 2, 4),
      starts: Uint32Array.of(0, 2, 4, 5),
      ends: Uint32Array.of(2, 4, 5, 5),
    };
    // Two of the four training targets are repeats; by popularity it would be 17/6: items in the history are half as likely.
    const expected = [
      [0.6 / 2, (2 + 0.8) / 2, 0.4, 0.2].map((x) => x / 4), // after a, which was left twice; b came before
      [(1 + 0.6) / 2, 0.8 / 2, 1 + 0.4, 0.2].map((x) => x / 4), // after b; a came before
      [0.3, 0.4, 0.2, 0.1 / 2], // after d, which was never left
      p, // after nothing
    ];
    const all = await recommender.score(histories);
    const near = (scores: Float32Array, shares: number[]) =>
      assert(scores.every((score, i) => Math.abs(Math.exp(score) - shares[i]) < 1e-6), `${scores}`);
    near(all, expected.flatMap((row) => [0, ...row]));
    near(
      await recommender.score(histories, Uint32Array.of(2, 3, 3, 1, 4, 4, 1, 2)),
      [expected[0][1], expected[0][2], expected[1][2], expected[1][0], p[3] / 2, p[3] / 2, p[0], p[1]],
    );
    assert.equal(recommender.parameters, 3 + 4); // kinds of transitions, and items
  }));

Deno.test("smoothing must be above 0", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, { sequences: { u: ["a", "b", "c", "d"] } });
    for (const smoothing of [0, -1, NaN, Infinity]) {
      await assert.rejects(markov.fit(dataset, { smoothing }), {
        name: "InputError",
        message: `Cannot fit Markov with smoothing ${smoothing}: give a number above 0`,
      });
    }
  }));

Deno.test("fitting is not begun where it is aborted already", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, { sequences: { u: ["a", "b", "c", "d"] } });
    await assert.rejects(markov.fit(dataset, { signal: AbortSignal.abort() }), { name: "Interrupted" });
  }));

recommenderContract("Markov", () => SHOP.train(markov, {}), { users: SHOP.users });

Deno.test("after each item, and after nothing, the shares of what follows add up to one", async () => {
  const recommender = await SHOP.train(markov, {}),
    { items, seenBias } = recommender as Recommender & { seenBias: number };
  const last = Uint32Array.from({ length: items }, (_, i) => i + 1);
  const scores = await recommender.score({
    items: last,
    starts: Uint32Array.of(0, ...last.map((item) => item - 1)),
    ends: Uint32Array.of(0, ...last),
  });
  for (let row = 0; row <= items; row++) {
    let sum = 0;
    for (let item = 1; item <= items; item++) {
      sum += Math.exp(scores[row * (items + 1) + item] - (item === row ? seenBias : 0));
    }
    assert(Math.abs(sum - 1) < 1e-5, `after ${row}: ${sum}`);
  }
});
