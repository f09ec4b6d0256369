import assert from "node:assert/strict";
import { popularity } from "../../../model/baselines/popularity.ts";
import { inFolder, makeDataset } from "../../pipeline/export/dataset.ts";
import { recommenderContract } from "../recommender_contract.ts";
import { SHOP } from "./shop.ts";

Deno.test("scores are counts in the training part", () =>
  inFolder(async (folder) => {
    // The last two of each user are held out: a b, a, and b b a are left.
    const dataset = await makeDataset(folder, {
      sequences: { u: ["a", "b", "c", "c"], v: ["a", "c", "c"], w: ["b", "b", "a", "a", "c"] },
    });
    const recommender = await popularity.fit(dataset, {});
    const histories = { items: Uint32Array.of(3), starts: Uint32Array.of(0, 0), ends: Uint32Array.of(1, 0) };
    assert.deepEqual([...await recommender.score(histories)], [-Infinity, 3, 3, 0, -Infinity, 3, 3, 0]);
    assert.deepEqual([...await recommender.score(histories, Uint32Array.of(3, 1, 2, 3))], [0, 3, 3, 0]);
    assert.deepEqual([recommender.name, recommender.items, recommender.parameters], ["Popularity", 3, 3]);
  }));

recommenderContract("Popularity", () => SHOP.train(popularity, {}), { users: SHOP.users });
