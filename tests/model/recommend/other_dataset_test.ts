/** Yesterday's model on today's data: the same items have other numbers, some are new, some are gone. */
import assert from "node:assert/strict";
import { markov } from "../../../model/methods/baselines.ts";
import { compare } from "../../../model/evaluate/significance.ts";
import { evaluate } from "../../../model/evaluate/evaluate.ts";
import { forDataset } from "../../../model/recommend/other_dataset.ts";
import type { Histories, Recommender } from "../../../model/recommender.ts";
import { recommend } from "../../../model/recommend/recommend.ts";
import { withoutHoldOut } from "../../../mod.ts";
import { inFolder, makeDataset } from "../../pipeline/export/dataset.ts";
import { recommenderContract } from "../recommender_contract.ts";
import { refused } from "../support.ts";

const BEFORE = {
  sequences: { ann: ["a", "b", "c", "d"], bob: ["b", "c", "d", "a"], eve: ["c", "d", "a", "b"] },
};
/** d and ann are gone; e, f and zoe are new; the numbers differ. */
const NOW = {
  sequences: { zoe: ["e", "b", "f", "c"], bob: ["b", "c", "a", "f"], eve: ["a", "c", "b", "e"] },
};

Deno.test("scores go by original ids; what is not known comes last, in histories it is left out", () =>
  inFolder(async (folder) => {
    const before = await makeDataset(`${folder}/before`, BEFORE),
      now = await makeDataset(`${folder}/now`, NOW);
    const asked: Histories[] = [];
    const method: Recommender = {
      ...{ name: "Stub", items: 4, parameters: 0 },
      score(histories, candidates) {
        asked.push(histories);
        const n = histories.starts.length, scores = [-Infinity, 10, 20, 30, 40];
        return Promise.resolve(
          Float32Array.from(
            candidates ? Array.from(candidates, (item) => scores[item]) : Array(n).fill(scores).flat(),
          ),
        );
      },
    };
    const moved = forDataset(method, before, now), of = (id: string) => now.itemIndex(id);
    assert.deepEqual([moved.name, moved.items], ["Stub", 5]);
    const items = Uint32Array.from(["e", "b", "c", "a", "f"], of);
    const users = Uint32Array.from(["zoe", "eve"], (id) => now.userIndex(id));
    const histories = { items, starts: Uint32Array.of(0, 3), ends: Uint32Array.of(3, 5), users };
    const all = await moved.score(histories);
    assert.equal(all.length, 12);
    for (const row of [0, 6]) {
      assert.equal(all[row], -Infinity);
      assert.deepEqual(["a", "b", "c"].map((id) => all[row + of(id)]), [10, 20, 30]);
      assert(["e", "f"].every((id) => Number.isFinite(all[row + of(id)]) && all[row + of(id)] < 10));
    }
    const [{ items: own, starts, ends, users: known }] = asked;
    assert.deepEqual([...own.subarray(starts[0], ends[0])].map((item) => before.itemId(item)), ["b", "c"]);
    assert.deepEqual([...own.subarray(starts[1], ends[1])].map((item) => before.itemId(item)), ["a"]);
    assert.deepEqual([...known!], [0, before.userIndex("eve")]);
    const candidates = Uint32Array.from(["c", "e", "a", "b"], of);
    const [c, e, a, b] = await moved.score(histories, candidates);
    assert.deepEqual([c, a, b], [30, 10, 20]);
    assert.equal(e, all[of("e")]);
  }));

Deno.test("on the dataset that it learnt from nothing changes; on another it is evaluated and recommends", () =>
  inFolder(async (folder) => {
    const before = await makeDataset(`${folder}/before`, BEFORE),
      now = await makeDataset(`${folder}/now`, NOW);
    const method = await markov.fit(before), same = forDataset(method, before, before);
    assert.deepEqual((await evaluate(same, before)).metrics, (await evaluate(method, before)).metrics);
    const old = await evaluate(forDataset(method, before, now), now, { protocols: ["full"] });
    const own = await evaluate(await markov.fit(now), now, { protocols: ["full"] });
    assert.equal(compare(own, old, "HR@5").users, 3);
    const lists = await recommend(forDataset(method, before, now), now, { users: "zoe", k: 5 });
    assert.deepEqual(lists.getColumn("item").toArray(), ["a"]);
  }));

Deno.test("what has learnt from the parts that were held out recommends, and is not evaluated", () =>
  inFolder(async (folder) => {
    const before = await makeDataset(`${folder}/before`, BEFORE),
      now = await makeDataset(`${folder}/now`, NOW);
    for (
      const [keep, refusedParts] of [[undefined, ["validation", "test"]], ["test", ["validation"]]] as const
    ) {
      const learnt = withoutHoldOut(before, { keep }),
        serving = forDataset(await markov.fit(learnt), learnt, now);
      for (const split of ["validation", "test"] as const) {
        const evaluated = evaluate(serving, now, { split, protocols: ["full"], logitAdjustment: 0 });
        if ((refusedParts as readonly string[]).includes(split)) {
          await refused(() => evaluated, /it has learnt from the/);
        } else await evaluated;
      }
      assert((await recommend(serving, now, { users: "zoe", k: 1 })).height > 0);
    }
  }));

Deno.test("what cannot be is said in one line", () =>
  inFolder(async (folder) => {
    const before = await makeDataset(`${folder}/before`, BEFORE),
      now = await makeDataset(`${folder}/now`, NOW);
    const method = await markov.fit(before);
    await refused(
      () => forDataset(method, now, before),
      /^Cannot take Markov from .* to another dataset: it was trained on 4 items, the dataset has 5; name first the dataset that it was trained on$/,
    );
    const others = await makeDataset(`${folder}/others`, { sequences: { ann: ["x", "y", "z"] } });
    await refused(
      () => forDataset(method, before, others),
      /^Cannot take Markov from .*: they have no item in common$/,
    );
  }));

recommenderContract("Markov on another dataset", async () => {
  let made: Recommender | undefined;
  await inFolder(async (folder) => {
    const before = await makeDataset(`${folder}/before`, BEFORE),
      now = await makeDataset(`${folder}/now`, NOW);
    made = forDataset(await markov.fit(before), before, now);
  });
  return made!;
}, { users: 3 });
