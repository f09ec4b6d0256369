import assert from "node:assert/strict";
import { popularity } from "../../../../model/methods/baselines.ts";
import { inFolder, makeDataset } from "../../../pipeline/export/dataset.ts";
import { recommenderContract } from "../../recommender_contract.ts";
import { SHOP } from "./shop.ts";

Deno.test("scores are log shares of the training part", () =>
  inFolder(async (folder) => {
    // The last two of each user are held out: a b, a, and b b a are left.
    const dataset = await makeDataset(folder, {
      sequences: { u: ["a", "b", "c", "c"], v: ["a", "c", "c"], w: ["b", "b", "a", "a", "c"] },
    });
    const recommender = await popularity.fit(dataset, {});
    const histories = { items: Uint32Array.of(3), starts: Uint32Array.of(0, 0), ends: Uint32Array.of(1, 0) };
    // Counts 3, 3, 0 of 6, one more each.
    const [a, b, c] = [4 / 9, 4 / 9, 1 / 9].map((share) => Math.fround(Math.log(share)));
    // One of the three training targets is a repeat, b after b; by popularity it would be half of them.
    const seen = Math.fround(c + Math.log(1.5 / 2.5));
    assert.deepEqual([...await recommender.score(histories)], [-Infinity, a, b, seen, -Infinity, a, b, c]);
    assert.deepEqual([...await recommender.score(histories, Uint32Array.of(3, 1, 2, 3))], [seen, a, b, c]);
    assert.deepEqual([recommender.name, recommender.items, recommender.parameters], ["Popularity", 3, 3]);
  }));

Deno.test("fitting is not begun where it is aborted already", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, { sequences: { u: ["a", "b", "c", "d"] } });
    await assert.rejects(popularity.fit(dataset, { signal: AbortSignal.abort() }), { name: "Interrupted" });
  }));

recommenderContract("Popularity", () => SHOP.train(popularity, {}), { users: SHOP.users });
