import fc from "fast-check";
import assert from "node:assert/strict";
import type { Histories } from "../../../model/recommender.ts";
import { recommend, type RecommendOptions } from "../../../model/recommend/recommend.ts";
import { inFolder, makeDataset } from "../../pipeline/export/dataset.ts";
import { frameView } from "../../../pipeline/display/table/frame.ts";
import { listener } from "../../listener.ts";
import { assertVisible, EVIL } from "../../unseen.ts";
import { Stub } from "../stub.ts";
import { ascending, SKETCH } from "./lists.ts";

Deno.test("the best unseen items of all users, in original ids", () =>
  inFolder(async (folder) => {
    const stub = ascending();
    const frame = await recommend(stub, await makeDataset(folder, SKETCH), { k: 2 });
    assert.deepEqual(frame.columns, ["user", "rank", "item", "score", "title"]);
    assert.deepEqual(frame.rows(), [
      ["ann", 1, "d", 4, "Title d"],
      ["ann", 2, "c", 3, null],
      ["小明", 1, "c", 3, null],
      ["小明", 2, "b", 2, "Title b"],
      // cid has seen everything
    ]);
    assert.deepEqual(stub.asked, [[1, 1, 2, 5], [2, 5, 4, 1, 4], [3, 1, 2, 3, 4, 5]], "whole sequences");
  }));

Deno.test("a method is given the histories that it scores, and nothing else of the dataset", () =>
  inFolder(async (folder) => {
    const stub = ascending(), dataset = await makeDataset(folder, SKETCH), given: number[][] = [];
    const method = {
      ...{ name: "Stub", items: 5, parameters: 0 },
      score(histories: Histories) {
        given.push([...histories.items]);
        return stub.score(histories);
      },
    };
    await recommend(method, dataset, { histories: [["b", "c"], ["d"]], k: 1 });
    const frame = await recommend(method, dataset, {
      users: "小明",
      histories: { new: ["b"], none: [] },
      k: 1,
    });
    await recommend(method, dataset, { users: ["ann"], k: 1 });
    assert.deepEqual(given, [[2, 3, 4], [5, 4, 1, 4, 2], [1, 2, 5]]);
    assert.deepEqual(frame.getColumn("user").toArray(), ["小明", "new", "none"]);
    assert.deepEqual(stub.asked.slice(2, 5), [[2, 5, 4, 1, 4], [0, 2], [0]]);
  }));

Deno.test("from the likeliest items to those most particular to a user", () =>
  inFolder(async (folder) => {
    // In training a three times, b and e twice, c and d once: 9, and 5 items, one more each.
    const sequences = { u: ["a", "a", "b", "e", "a", "b", "e", "c", "d", /**/ "c", "d"] };
    const dataset = await makeDataset(folder, { ...SKETCH, sequences });
    const likely = new Stub(5, (_, item) => Math.log([0.4, 0.2, 0.16, 0.14, 0.1][item - 1]));
    const items = async (popularity?: number) =>
      (await recommend(likely, dataset, { k: 5, keepSeen: true, popularity })).getColumn("item").toArray()
        .join("");
    assert.equal(await items(), "abcde", "as the method scores them");
    assert.equal(await items(1), "abcde");
    // p / q: a .4 / (4/14) = 1.4, b .2 / (3/14) = .93, c .16 / (2/14) = 1.12, d .98, e .1 / (3/14) = .47
    assert.equal(await items(0), "acdbe");
    const frame = await recommend(likely, dataset, { k: 1, keepSeen: true, popularity: 0 });
    assert.ok(Math.abs(frame.getColumn("score").get(0) - Math.log(1.4)) < 1e-5);
    for (const popularity of [-0.1, 1.5, NaN]) {
      await assert.rejects(recommend(likely, dataset, { popularity }), {
        name: "InputError",
        message: `Cannot recommend with popularity ${popularity}: give a number from 0 to 1`,
      });
    }
  }));

Deno.test("some users, users never seen, seen items", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SKETCH);
    const top = async (options: RecommendOptions) =>
      (await recommend(ascending(), dataset, { k: 1, ...options })).select("user", "item").rows();
    const twice = ["小明", "ann", "小明"];
    assert.deepEqual(await top({ users: twice }), [["小明", "c"], ["ann", "d"]], "a list each");
    assert.deepEqual(await top({ users: ["ann"], keepSeen: true }), [["ann", "e"]]);
    assert.deepEqual(await top({ histories: [["e"], [], ["d", "e", "c"]] }), [["#1", "d"], ["#2", "a"], [
      "#3",
      "b",
    ]]);
    assert.deepEqual(await top({ users: ["ann"], histories: [["e", "d"]] }), [["ann", "d"], ["#1", "c"]]);
    await assert.rejects(
      top({ users: ["小明", "ann"], histories: { ann: ["e", "d"] } }),
      /^InputError: Cannot recommend to the user "ann" and by a history of that name: nobody could tell the two/,
    );
    assert.deepEqual(await top({ histories: { ann: ["e", "d"] } }), [["ann", "c"]]);
    assert.deepEqual(await top({ users: [] }), []);
    assert.deepEqual((await recommend(ascending(), dataset, { users: [] })).columns.length, 5);
    assert.equal(
      (await recommend(ascending(), dataset, { histories: [[]], k: 99 })).height,
      5,
      "no more than there are",
    );
    const stub = ascending();
    await recommend(stub, dataset, { histories: [["b", "a"]] });
    assert.deepEqual(stub.asked, [[0, 2, 1]]);
    const plain = await makeDataset(`${folder}/plain`, { sequences: SKETCH.sequences });
    assert.deepEqual((await recommend(ascending(), plain)).columns, ["user", "rank", "item", "score"]);
  }));

Deno.test("lists that are shorter than asked for are said once, with how long they are and why", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SKETCH), { progress, warnings } = listener();
    const said = async (options: RecommendOptions) => {
      await recommend(ascending(), dataset, { progress, batchSize: 1, ...options });
      return warnings.splice(0);
    };
    const seen = "and those of a user's history are left out";
    // Of five items ann has had three, 小明 three, cid all.
    assert.deepEqual(await said({ k: 1000 }), [
      `Recommended 0 to 2 items of the 1000 asked for to 3 of 3 users: the dataset has 5 items, ${seen}`,
    ]);
    assert.deepEqual(await said({ k: 1 }), [
      `Recommended 0 items of the 1 asked for to 1 of 3 users: the dataset has 5 items, ${seen}`,
    ]);
    assert.deepEqual(await said({ k: 3, users: "ann", only: ["a", "c", "d"] }), [
      `Recommended 2 items of the 3 asked for: 3 items may be recommended, ${seen}`,
    ]);
    assert.deepEqual(await said({ k: 6, keepSeen: true }), [
      "Recommended 5 items of the 6 asked for to 3 of 3 users: the dataset has 5 items",
    ]);
    assert.deepEqual(await said({ k: 5, keepSeen: true }), []);
    assert.deepEqual(await said({ k: 2, users: ["ann", "小明"] }), []);
  }));

Deno.test("the result does not depend on batches, and nobody gets what they have seen", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SKETCH);
    const scatter = () => new Stub(5, (history, item) => Math.sin(3 * item + history.length));
    const whole = (await recommend(scatter(), dataset)).rows();
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 6 }),
        async (batchSize, k) => {
          const rows = (await recommend(scatter(), dataset, { batchSize, k })).rows();
          assert.deepEqual(rows, whole.filter(([, rank]) => rank <= k));
          for (const [user, , item] of rows) assert.ok(!SKETCH.sequences[user].includes(item));
        },
      ),
      { numRuns: 20 },
    );
  }));

Deno.test("recommendations keep ids and titles as they are, and show by its code what cannot be seen in them", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, {
      sequences: { [EVIL]: ["a", "b", "c"], ann: ["a", EVIL, "c"] },
      items: { a: { title: "A" }, b: { title: "B" }, c: { title: "C" }, [EVIL]: { title: `${EVIL}\t2` } },
    });
    const frame = await recommend(new Stub(4, (_, item) => item), dataset, { users: [EVIL] });
    assert.deepEqual(frame.rows(), [[EVIL, 1, EVIL, 4, `${EVIL}\t2`]]);
    const { html, text } = frameView(frame);
    for (const shown of [String(html()), text()]) {
      assertVisible(shown);
      assert.equal(shown.split("evil").length - 1, 3);
    }
  }));
