import assert from "node:assert/strict";
import { itemKnn } from "../../../../model/methods/baselines.ts";
import { inFolder, makeDataset } from "../../../pipeline/export/dataset.ts";
import { recommenderContract } from "../../recommender_contract.ts";
import { SHOP } from "./shop.ts";

/** In training: {a, b}, {a, b, c}, {a, c}; of each user the last two are held out. Items a, b, c, d. */
const SKETCH = {
  sequences: { u: ["a", "b", "a", "d", "d"], v: ["a", "b", "c", "d", "d"], w: ["a", "c", "b", "b"] },
  items: { a: {}, b: {}, c: {}, d: {} },
};
const history = (...items: number[]) => ({
  items: Uint32Array.from(items),
  starts: Uint32Array.of(0),
  ends: Uint32Array.of(items.length),
});

Deno.test("sums of similarities to the history's items, by hand", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SKETCH);
    const recommender = await itemKnn.fit(dataset, { shrinkage: 1, normalize: false });
    // Users: a 3, b 2, c 2, d none. Together: a and b 2, a and c 2, b and c 1.
    const ab = 2 / (Math.sqrt(6) + 1), ac = ab, bc = 1 / (2 + 1);
    // One of five training targets is a repeat; by popularity it would be three.
    const seen = Math.log(1.5 / 4.5) - Math.log(3.5 / 2.5);
    const scores = async (...items: number[]) => {
      const found = await recommender.score(history(...items));
      return Array.from(found, (score, item) => items.includes(item) ? score - seen : score);
    };
    const near = (actual: number[], [padding, ...expected]: number[]) => {
      assert.equal(actual[0], padding);
      expected.forEach((similarity, i) =>
        assert(Math.abs(actual[i + 1] - Math.log(similarity || 1e-9)) < 1e-5, `${actual}`)
      );
    };
    near(await scores(1), [-Infinity, 0, ab, ac, 0]);
    near(await scores(2, 3, 2), [-Infinity, ab + ac, bc, bc, 0]); // b counts once
    near(await scores(4), [-Infinity, 0, 0, 0, 0]);
    near(await scores(), [-Infinity, 0, 0, 0, 0]);
    assert.deepEqual([recommender.name, recommender.items, recommender.parameters], ["Item-kNN", 4, 6]);
  }));

Deno.test("no item of the history counts for more than another", () =>
  inFolder(async (folder) => {
    const recommender = await itemKnn.fit(await makeDataset(folder, SKETCH), { shrinkage: 1 });
    const sum = async (item: number) =>
      (await recommender.score(history(item))).subarray(1).reduce((sum, score) => sum + Math.exp(score), 0);
    for (const item of [1, 2, 3]) assert(Math.abs(await sum(item) - 1) < 1e-6);
  }));

Deno.test("an item is similar to its nearest neighbours only; of equal ones, to the first", () =>
  inFolder(async (folder) => {
    const recommender = await itemKnn.fit(await makeDataset(folder, SKETCH), { neighbours: 1, shrinkage: 0 });
    const likeA = [...await recommender.score(history(1))], likeB = [...await recommender.score(history(2))];
    assert.deepEqual(likeA.map((score) => Math.exp(score) > 1e-6), [false, false, true, false, false]);
    assert.deepEqual(likeB.map((score) => Math.exp(score) > 1e-6), [false, true, false, false, false]);
    assert.equal(recommender.parameters, 3);
  }));

Deno.test("fitting stops when it is aborted", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SKETCH);
    await assert.rejects(itemKnn.fit(dataset, { signal: AbortSignal.abort() }), { name: "Interrupted" });
  }));

recommenderContract("Item-kNN", () => SHOP.train(itemKnn, {}), { users: SHOP.users });
