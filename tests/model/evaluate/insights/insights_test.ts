import assert from "node:assert/strict";
import { evaluate } from "../../../../model/evaluate/evaluate.ts";
import { groupingsOf } from "../../../../model/evaluate/insights/groupings.ts";
import { giniOf, insightsOf, repeatsAmong } from "../../../../model/evaluate/insights/insights.ts";
import { prepare } from "../../../../mod.ts";
import { HAD_BEFORE, IN_TRAINING } from "../../../../model/records/insights.ts";
import { positivesOf } from "../../../../model/evaluate/positives.ts";
import { titleColumn, titlesOf } from "../../../../model/titles.ts";
import { inFolder, makeDataset, type Sketch } from "../../../pipeline/export/dataset.ts";
import { Stub } from "../../stub.ts";

/** Items a … f are 1 … 6; test targets d, f, a; each of a, b and c twice or more in training. */
const SKETCH: Sketch = {
  sequences: { ann: ["a", "b", "c", "d"], ben: ["a", "b", "c", "a", "f"], cid: ["c", "b", "e", "a"] },
  items: Object.fromEntries(Array.from("abcdef", (id) => [id, { title: `Title ${id}` }])),
  protocols: ["recbole"],
};

const near = (actual: number, expected: number) => assert.ok(Math.abs(actual - expected) < 1e-6, `${actual}`);

/** Item j has the score log j: softmax is j / Σ. */
const ascending = () => new Stub(6, (_, item) => Math.log(item));

Deno.test("people, lists and sureness, by hand", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SKETCH), stub = ascending();
    const evaluation = await evaluate(stub, dataset, { ks: [2], logitAdjustment: 0 });
    const { metric, people, lists, sureness, millisecondsPerHistory } = await insightsOf(
      stub,
      dataset,
      evaluation,
    );
    assert.equal(metric, "HR@2");
    assert.deepEqual(people, [
      {
        user: "ann",
        history: ["Title a", "Title b", "Title c"],
        earlier: 0,
        recommended: ["Title f", "Title e", "Title d"],
        took: "Title d",
        rank: 3,
      },
      {
        user: "ben",
        history: ["Title a", "Title b", "Title c", "Title a"],
        earlier: 0,
        recommended: ["Title f", "Title e", "Title d"],
        took: "Title f",
        rank: 1,
      },
      {
        user: "cid",
        history: ["Title c", "Title b", "Title e"],
        earlier: 0,
        recommended: ["Title f", "Title d", "Title a"],
        took: "Title a",
        rank: 3,
      },
    ]);
    // Lists f e, f e, f d: three of six items; f three times, e twice, d once.
    assert.equal(lists.k, 2);
    assert.equal(lists.coverage, 3 / 6);
    near(lists.gini, ((2 * 4 - 7) * 1 + (2 * 5 - 7) * 2 + (2 * 6 - 7) * 3) / (6 * 6));
    // In training a b, a b c, c b: a 2, b 3, c 2 of 7, and 6 items; none of what is listed.
    near(lists.novelty, Math.log2(13));
    // d, e and f, which share the lower three of six places, are at a quarter; a, with c, is at two thirds.
    near(lists.popularityPercentile, 1 / 4);
    near(lists.targetsPercentile, (1 / 4 + 1 / 4 + 2 / 3) / 3);
    // The first is f: 6 / (4 + 5 + 6) for ann and ben, 6 / (1 + 4 + 6) for cid.
    assert.deepEqual(sureness.map(({ mean, size }) => [mean, size]), [[0, 1], [1, 1], [0, 1]]);
    sureness.forEach(({ said }, i) => near(said, [6 / 15, 6 / 15, 6 / 11][i]));
    assert.ok(millisecondsPerHistory > 0);
  }));

Deno.test("people are shown as many items as HR@10 looks at, whatever the cut-offs", () =>
  inFolder(async (folder) => {
    const items = [..."abcdefghijklmno"];
    const dataset = await makeDataset(folder, {
      sequences: { ann: items, ben: ["o", "n", "m"] },
      protocols: ["recbole"],
    });
    const stub = new Stub(15, (_, item) => Math.log(item));
    const evaluation = await evaluate(stub, dataset, { ks: [2], logitAdjustment: 0 });
    const { people } = await insightsOf(stub, dataset, evaluation);
    // Ann has had everything except o; Ben the newest items except m.
    assert.deepEqual(people.map(({ user, recommended }) => [user, recommended]), [
      ["ann", ["o"]],
      ["ben", ["m", "l", "k", "j", "i", "h", "g", "f", "e", "d"]],
    ]);
    const usual = await insightsOf(stub, dataset, await evaluate(stub, dataset, { logitAdjustment: 0 }));
    assert.deepEqual([usual.metric, usual.lists.k], ["HR@10", 10], "of 5, 10 and 20");
  }));

Deno.test("where popularity is taken out of the scores, lists are without it, and what it is sure of is as it was", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SKETCH), stub = new Stub(6, (_, item) => -item);
    const evaluation = await evaluate(stub, dataset, { ks: [2], logitAdjustment: { full: 100 } });
    const { people, sureness } = await insightsOf(stub, dataset, evaluation);
    assert.deepEqual(
      people[2].recommended,
      ["Title d", "Title f", "Title a"],
      "never in training before twice",
    );
    const plain = await evaluate(stub, dataset, { ks: [2], logitAdjustment: 0 });
    assert.deepEqual(sureness, (await insightsOf(stub, dataset, plain)).sureness);
    assert.equal(sureness.length, 3);
  }));

Deno.test("of many positives the lists of some are looked at, evenly spaced, and that is on record", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SKETCH), stub = new Stub(6, (_, item) => Math.log(item));
    const evaluation = await evaluate(stub, dataset, { ks: [2], logitAdjustment: 0 });
    const { sample, sureness, groupings } = await insightsOf(stub, dataset, evaluation, {}, 2);
    assert.deepEqual(sample, { size: 2, of: 3 });
    assert.equal(sureness.reduce((sum, { size }) => sum + size, 0), 2);
    assert(groupings.every(({ groups }) => groups.reduce((sum, { size }) => sum + size, 0) === 3), "of all");
    assert.equal((await insightsOf(stub, dataset, evaluation, {}, 3)).sample, undefined);
  }));

Deno.test("divisions: numbers into parts of the same size, columns by their values", () =>
  inFolder(async (folder) => {
    const n = 20, ids = Array.from({ length: n }, (_, i) => `u${String(i).padStart(2, "0")}`);
    const dataset = await makeDataset(folder, {
      ...SKETCH,
      sequences: Object.fromEntries(
        ids.map((id, i) => [id, [..."ab".repeat(1 + Math.floor(i / 4)), "c", "d"]]),
      ),
      users: Object.fromEntries(
        ids.map((id, i) => [id, { city: i % 2 ? "Bonn" : "Ghent", age: `${i}`, street: id, all: "same" }]),
      ),
    });
    const positives = await positivesOf(dataset, "test");
    const repeats = await repeatsAmong(dataset, "test", n);
    const groupings = groupingsOf(dataset, positives, repeats, Float64Array.from(ids, (_, i) => i % 2));
    assert.deepEqual(groupings.map(({ by }) => by), ["length of the history", "city", "age"]);
    const [length, city, age] = groupings.map(({ groups }) => groups);
    assert.deepEqual(length.map(({ label, size }) => [label, size]), [
      ["3", 4],
      ["5", 4],
      ["7", 4],
      ["9", 4],
      ["11", 4],
    ]);
    assert.deepEqual(city.map(({ label, size, mean }) => [label, size, mean]), [["Bonn", 10, 1], [
      "Ghent",
      10,
      0,
    ]]);
    assert.deepEqual(age.map(({ label }) => label), ["0 – 3", "4 – 7", "8 – 11", "12 – 15", "16 – 19"]);
    assert.ok(age.every(({ mean }) => mean === 0.5));
  }));

Deno.test("divisions: of a column of numbers or dates what is missing is in no group; one with a text in it, and one of twelve values, go by value", () =>
  inFolder(async (folder) => {
    const ids = Array.from({ length: 26 }, (_, i) => `u${String(i).padStart(2, "0")}`);
    const dataset = await makeDataset(folder, {
      ...SKETCH,
      sequences: Object.fromEntries(ids.map((id) => [id, [..."abcd"]])),
      users: Object.fromEntries(ids.map((id, i) => [id, {
        age: i < 6 ? ["", null][i % 2] : `${i}`,
        size: i % 7 === 0 ? "XL" : `${i % 7}`,
        month: `m${1 + i % 12}`,
        week: `w${i % 13}`,
        joined: i === 0 ? null : `2024-05-${String(i).padStart(2, "0")}${i % 2 ? " 23:59:00" : ""}`,
        left: i === 25 ? "never" : `2024-06-${String(i + 1).padStart(2, "0")}`,
      }])),
    });
    const positives = await positivesOf(dataset, "test"), values = new Float64Array(26);
    const groupings = groupingsOf(dataset, positives, new Uint8Array(26), values);
    const labels = groupings.map((
      { by, groups },
    ) => [by, ...groups.map(({ label, size }) => `${label}: ${size}`)]);
    assert.deepEqual(labels, [
      ["age", "6 – 9: 4", "10 – 13: 4", "14 – 17: 4", "18 – 21: 4", "22 – 25: 4"],
      ["size", "1: 4", "2: 4", "3: 4", "4: 4", "5: 3", "6: 3", "XL: 4"],
      ["month", ...Array.from({ length: 12 }, (_, i) => `m${1 + i}: ${i < 2 ? 3 : 2}`)],
      [
        "joined",
        ...["2024-05-01 – 2024-05-05: 5", "2024-05-06 – 2024-05-10: 5", "2024-05-11 – 2024-05-15: 5"],
        ...["2024-05-16 – 2024-05-20: 5", "2024-05-21 – 2024-05-25: 5"],
      ],
    ]);
  }));

Deno.test("divisions: by features of the target, but not by what an item has several of", () =>
  inFolder(async (folder) => {
    const { dataset } = await prepare({
      data: ["a", "b", "c", "d", "e", "f"].flatMap((last, u) =>
        ["a", "b", "c", "d", "e", "f"].filter((item) => item !== last).concat(last)
          .map((item, t) => ({ user: `u${u}`, item, timestamp: t }))
      ),
      items: Array.from("abcdef", (id, i) => ({
        id,
        shelf: i % 2 ? "left" : "right",
        tags: i % 2 ? "new|red" : "red",
        title: `Title ${id}`,
      })),
      out: folder,
      minUser: 3,
      evalNegatives: 1,
      protocols: ["recbole"],
    });
    assert.deepEqual(dataset.manifest.features.map(({ name }) => name), ["shelf", "tags"]);
    const positives = await positivesOf(dataset, "test"), none = new Uint8Array(6);
    const values = Float64Array.from(
      positives.targets,
      (item) => "bdf".includes(dataset.itemId(item)) ? 1 : 0,
    );
    const groupings = groupingsOf(dataset, positives, none, values);
    const [shelf, ...more] = groupings.filter(({ by }) => by.endsWith(" of the target"));
    assert.deepEqual(more, []);
    assert.equal(shelf.by, "shelf of the target");
    assert.deepEqual(shelf.groups.map(({ label, size, mean }) => [label, size, mean]), [
      ["left", 3, 1],
      ["right", 3, 0],
    ]);
  }));

Deno.test("divisions: targets that their users had before, by user and time", () =>
  inFolder(async (folder) => {
    const sequences = { u1: [..."abca"], u2: [..."bcda"], u3: [..."dbad"], u4: [..."abcd"] };
    const dataset = await makeDataset(folder, { ...SKETCH, sequences });
    const positives = await positivesOf(dataset, "test"), repeats = await repeatsAmong(dataset, "test", 4);
    assert.deepEqual([...repeats], [1, 0, 1, 0], "what another user had does not count");
    const values = Float64Array.of(1, 0, 0, 1);
    const { groups } = groupingsOf(dataset, positives, repeats, values).find(({ by }) => by === HAD_BEFORE)!;
    assert.deepEqual(groups.map(({ label, size, mean }) => [label, size, mean]), [["no", 2, 0.5], [
      "yes",
      2,
      0.5,
    ]]);
    assert.deepEqual(
      groupingsOf(dataset, positives, new Uint8Array(4), values).filter(({ by }) => by === HAD_BEFORE),
      [],
      "one group is no division",
    );
  }));

Deno.test("divisions: targets that the training part does not have are a group of their own, however many they are", () =>
  inFolder(async (folder) => {
    const sequences = {
      u1: [..."abcae"],
      u2: [..."bcdaf"],
      u3: [..."dbaae"],
      u4: [..."abcdb"],
      u5: [..."abcac"],
    };
    const dataset = await makeDataset(folder, { ...SKETCH, sequences });
    const positives = await positivesOf(dataset, "test"), none = new Uint8Array(5);
    const of = (values: number[], among = positives) =>
      groupingsOf(dataset, among, none.slice(0, values.length), Float64Array.from(values))
        .find(({ by }) => by === IN_TRAINING)?.groups.map(({ label, size, mean }) => [label, size, mean]);
    assert.deepEqual(of([0, 0, 1, 1, 0]), [["0", 3, 1 / 3], ["4", 1, 0], ["5", 1, 1]]);
    const [first, next] = [0, 3].map((at) => ({
      users: positives.users.slice(at, at + 2),
      targets: positives.targets.slice(at, at + 2),
      lengths: positives.lengths.slice(at, at + 2),
      groups: Uint32Array.of(0, 1, 2),
    }));
    assert.equal(of([0, 1], first), undefined, "all are new: no division");
    assert.deepEqual(of([0, 1], next)?.map(([label]) => label), ["4", "5"], "none is new");
  }));

Deno.test("repeats: of every item, the last one too, in any part, and in validation or test alone what was before counts", () =>
  inFolder(async (folder) => {
    const sequences = { u1: [..."fabf"], u2: [..."abff"], u3: [..."ffab"], u4: [..."cdec"] };
    for (const partRows of [99, 4]) {
      const dataset = await makeDataset(`${folder}/${partRows}`, { ...SKETCH, sequences, partRows });
      assert.deepEqual([...await repeatsAmong(dataset, "test", 4)], [1, 1, 0, 1]);
      assert.deepEqual([...await repeatsAmong(dataset, "validation", 4)], [0, 0, 0, 0]);
    }
  }));

Deno.test("divisions: of several targets of a user each counts in part, so that groups make up the metric, and their error is over users", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, {
      ...SKETCH,
      sequences: { ann: [..."abcd"], ben: [..."bcde"], cid: [..."cdef"], dan: [..."defa"] },
      users: { ann: { city: "Bonn" }, ben: { city: "Bonn" }, cid: { city: "null" }, dan: { city: null } },
    });
    // Three targets of ann, one of ben, one of cid and two of dan.
    const positives = {
      users: Uint32Array.of(1, 1, 1, 2, 3, 4, 4),
      targets: Uint32Array.of(1, 2, 3, 4, 5, 6, 1),
      lengths: Uint32Array.of(3, 4, 5, 3, 3, 3, 4),
      groups: Uint32Array.of(0, 3, 4, 5, 7),
    };
    const repeats = Uint8Array.of(1, 0, 0, 0, 1, 0, 0), values = Float64Array.of(1, 1, 0, 0, 1, 1, 0);
    const groupings = groupingsOf(dataset, positives, repeats, values);
    const of = (by: string) => groupings.find((grouping) => grouping.by === by)!.groups;
    const [fresh, again] = of(HAD_BEFORE);
    // Again: of ann 1/3 with a hit, of cid all with a hit. New: of ann 2/3, half of them hits; of ben none; of dan all, half of them hits.
    near(again.share!, (1 / 3 + 1) / 4);
    near(again.mean, 1);
    near(again.standardError!, 0);
    near(fresh.share!, (2 / 3 + 1 + 1) / 4);
    const mean = (1 / 3 + 0 + 1 / 2) / (2 / 3 + 1 + 1);
    near(fresh.mean, mean);
    const off = [1 / 3 - 2 / 3 * mean, 0 - mean, 1 / 2 - mean];
    near(
      fresh.standardError!,
      Math.sqrt(3 / 2 * off.reduce((sum, value) => sum + value ** 2, 0)) / (2 / 3 + 1 + 1),
    );
    const overUsers = (2 / 3 + 0 + 1 + 1 / 2) / 4;
    near(again.share! * again.mean + fresh.share! * fresh.mean, overUsers);
    // Bonn: ann 2/3 and ben 0, who each count the same; who has no city is not in the city of that name.
    const [bonn, unnamed] = of("city");
    assert.deepEqual([bonn.label, bonn.size, unnamed.label, unnamed.size], ["Bonn", 4, "null", 1]);
    near(bonn.mean, 1 / 3);
    near(bonn.standardError!, 1 / 3);
    assert.equal(unnamed.standardError, undefined, "of one user nothing is known of it");
  }));

Deno.test("divisions: years are written as years, larger numbers by thousands, and so are counts", () =>
  inFolder(async (folder) => {
    const ids = Array.from({ length: 10 }, (_, i) => `u${i}`);
    const dataset = await makeDataset(folder, {
      ...SKETCH,
      sequences: Object.fromEntries(
        ids.map((id, i) => [id, [..."ab".repeat(500 + Math.floor(i / 5)), "c", "d"]]),
      ),
      users: Object.fromEntries(
        ids.map((id, i) => [id, { born: `${1950 + i}`, income: `${9000 + 500 * i}` }]),
      ),
    });
    const positives = await positivesOf(dataset, "test"), none = new Uint8Array(10);
    const groupings = groupingsOf(dataset, positives, none, new Float64Array(10));
    const labels = (by: string) =>
      groupings.find((grouping) => grouping.by === by)!.groups.map(({ label }) => label);
    assert.deepEqual(labels("born").slice(0, 2), ["1950 – 1951", "1952 – 1953"]);
    assert.deepEqual(labels("income").slice(0, 2), ["9,000 – 9,500", "10,000 – 10,500"]);
    assert.deepEqual(labels("length of the history"), ["1,001", "1,003"]);
  }));

Deno.test("Gini's coefficient: even, uneven, nothing", () => {
  assert.equal(giniOf(Uint32Array.of(3, 3, 3)), 0);
  assert.equal(giniOf(Uint32Array.of(0, 0, 0, 5)), 0.75);
  assert.equal(giniOf(Uint32Array.of(0, 0)), 0);
});

Deno.test("items are called by the column that titles are in, whatever its name", () =>
  inFolder(async (folder) => {
    const columnOf = async (name: string, columns: Record<string, unknown>) => {
      const items = Object.fromEntries(Array.from("abcdef", (id) => [id, columns]));
      const dataset = await makeDataset(`${folder}/${name}`, { ...SKETCH, items: items as Sketch["items"] });
      return [titleColumn(dataset), titlesOf(dataset)(1)];
    };
    assert.deepEqual(await columnOf("title", { name: "N", title: "T" }), ["title", "T (a)"]);
    assert.deepEqual(await columnOf("name", { product_name: "P", name: "N" }), ["name", "N (a)"]);
    assert.deepEqual(await columnOf("own", { article_name: "A", price: "9" }), ["article_name", "A (a)"]);
    assert.deepEqual(await columnOf("none", { colour: "red" }), [undefined, "a"]);
  }));

Deno.test("people: of two items of one title it is seen which was taken", () =>
  inFolder(async (folder) => {
    const items = Object.fromEntries(
      Array.from("abcdef", (id) => [id, { title: "bef".includes(id) ? "Shirt" : `Title ${id}` }]),
    );
    const dataset = await makeDataset(folder, {
      ...SKETCH,
      // He had none of the shirts that are recommended to him, and takes the third of them.
      sequences: { ...SKETCH.sequences, ann: ["a", "c", "d", "b"] },
      items,
    });
    assert.deepEqual([1, 2, 6].map(titlesOf(dataset)), ["Title a", "Shirt (b)", "Shirt (f)"]);
    const evaluation = await evaluate(ascending(), dataset, { ks: [2], logitAdjustment: 0 });
    const insights = await insightsOf(ascending(), dataset, evaluation);
    const [{ recommended, took, rank }] = insights.people;
    assert.deepEqual([recommended, took, rank], [["Shirt (f)", "Shirt (e)", "Shirt (b)"], "Shirt (b)", 3]);
  }));
