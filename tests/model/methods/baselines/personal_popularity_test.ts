import assert from "node:assert/strict";
import { personalPopularity } from "../../../../model/methods/baselines.ts";
import { inFolder, makeDataset } from "../../../pipeline/export/dataset.ts";
import { recommenderContract } from "../../recommender_contract.ts";
import { SHOP } from "./shop.ts";

Deno.test("what the user took most often comes first, and then what is popular", () =>
  inFolder(async (folder) => {
    // The last two of each user are held out: a a a, b b c and a are left. A user with only one item repeats as often as by chance, or
    // more.
    const dataset = await makeDataset(folder, {
      sequences: { u: ["a", "a", "a", "b", "c"], v: ["b", "b", "c", "c", "a"], w: ["a", "b", "b"] },
    });
    const recommender = await personalPopularity.fit(dataset, {});
    const histories = {
      items: Uint32Array.of(3, 2, 3),
      starts: Uint32Array.of(0, 3),
      ends: Uint32Array.of(3, 3),
    };
    // Counts 4, 2, 1 of 7, one more each.
    const [a, b, c] = [5 / 10, 3 / 10, 2 / 10];
    const expected = [
      [0, a / 4, (1 + b) / 4, (2 + c) / 4].map(Math.log), // c b c
      [0, a, b, c].map(Math.log), // an empty history: scores by popularity
    ];
    const found = await recommender.score(histories);
    expected.flat().forEach((score, i) =>
      assert(score === found[i] || Math.abs(score - found[i]) < 1e-6, `${i}: ${found[i]}, expected ${score}`)
    );
    assert.deepEqual([recommender.name, recommender.items, recommender.parameters], [
      "Personal popularity",
      3,
      3,
    ]);
  }));

Deno.test("where nobody takes anything again, what the user had comes last", () =>
  inFolder(async (folder) => {
    const users = Array.from({ length: 40 }, (_, user) => user);
    const ofUser = (user: number) => Array.from("abcdefghij", (_, i) => "abcdefghij"[(i + user) % 10]);
    const dataset = await makeDataset(folder, {
      sequences: Object.fromEntries(users.map((user) => [`u${user}`, ofUser(user)])),
    });
    const recommender = await personalPopularity.fit(dataset, {});
    const scores = await recommender.score({
      items: Uint32Array.of(4, 7),
      starts: Uint32Array.of(0),
      ends: Uint32Array.of(2),
    });
    const order = Array.from({ length: 10 }, (_, i) => i + 1).sort((x, y) => scores[y] - scores[x]);
    assert.deepEqual(order.slice(8).toSorted(), [4, 7]);
  }));

recommenderContract("Personal popularity", () => SHOP.train(personalPopularity, {}), { users: SHOP.users });
