import fc from "fast-check";
import assert from "node:assert/strict";
import pl from "nodejs-polars";
import { markov } from "../../../model/baselines/markov.ts";
import { evaluate } from "../../../model/evaluate/evaluate.ts";
import type { Histories } from "../../../model/recommender.ts";
import { inPieces, recommend, type RecommendOptions } from "../../../model/recommend/recommend.ts";
import { formatSize } from "../../../pipeline/contract/options/size.ts";
import { limitMemory } from "../../../pipeline/contract/machine/available_memory.ts";
import type { Progress } from "../../../pipeline/contract/progress.ts";
import { prepare } from "../../../pipeline/run.ts";
import { hasShared, sharedData } from "../../paths.ts";
import { inFolder, makeDataset, type Sketch } from "../../pipeline/export/dataset.ts";
import { frameView } from "../../../pipeline/display/table/frame.ts";
import { assertVisible, EVIL } from "../../unseen.ts";
import { Stub } from "../stub.ts";

/** Items a … e are 1 … 5. */
const SKETCH: Sketch = {
  sequences: { ann: ["a", "b", "e"], "小明": ["e", "d", "a", "d"], cid: ["a", "b", "c", "d", "e"] },
  items: Object.fromEntries(Array.from("abcde", (id) => [id, { title: id === "c" ? null : `Title ${id}` }])),
};

/** Why sources of such a dataset are not read: it was made by no preparation. */
const NO_OPTIONS =
  "it was prepared with options that are none any more: Nothing to prepare: give --data FILE, or --dataset NAME for a known data set " +
  "(--dataset demo needs no file)";

/** Item j has the score j. */
const ascending = () => new Stub(5, (_, item) => item);

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

Deno.test("scores that a method keeps stay as they are, whatever is left out or taken off", () =>
  inFolder(async (folder) => {
    const kept = Float32Array.of(-Infinity, 1, 2, 3, 4, 5), dataset = await makeDataset(folder, SKETCH);
    const method = { name: "Kept", items: 5, parameters: 0, score: () => Promise.resolve(kept) };
    const best = async (options: RecommendOptions) =>
      (await recommend(method, dataset, { histories: [["a"]], k: 1, ...options })).getColumn("item").get(0);
    assert.equal(await best({ exclude: ["e"] }), "d");
    assert.equal(await best({ exclude: "e" }), "d");
    assert.equal(await best({ only: "c" }), "c");
    await best({ popularity: 0 });
    await best({ histories: [[]] });
    assert.equal(await best({}), "e");
    assert.deepEqual([...kept], [-Infinity, 1, 2, 3, 4, 5]);
  }));

Deno.test("a history that is given takes no copy of all sequences; beside users of the dataset, theirs alone", () =>
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
    assert.deepEqual(given, [[2, 3, 4], [5, 4, 1, 4, 2], [1, 2, 5, 5, 4, 1, 4, 1, 2, 3, 4, 5]]);
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
    const dataset = await makeDataset(folder, SKETCH), warnings: string[] = [];
    const progress = {
      start: () => ({ advance() {}, end() {} }),
      warn: (text: string) => void warnings.push(text),
    };
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

Deno.test("only some items, and never others", () =>
  inFolder(async (folder) => {
    const kinds = ["tea", "cup", "tea", "cup", null];
    const dataset = await makeDataset(folder, {
      ...SKETCH,
      items: Object.fromEntries(Array.from("abcde", (id, i) => [id, { kind: kinds[i], name: `N ${id}` }])),
    });
    const items = async (options: RecommendOptions) =>
      (await recommend(ascending(), dataset, { users: ["ann"], keepSeen: true, ...options })).getColumn(
        "item",
      ).toArray()
        .join("");
    assert.equal(await items({}), "edcba");
    assert.equal(await items({ exclude: ["e", "c"] }), "dba");
    assert.equal(await items({ only: ["a", "e", "c"], exclude: ["e"] }), "ca");
    assert.equal(await items({ filter: { kind: "tea" } }), "ca");
    assert.equal(await items({ filter: { kind: "cup", name: "N b" } }), "b");
    const fails = (options: RecommendOptions, message: RegExp) =>
      assert.rejects(recommend(ascending(), dataset, options), { name: "InputError", message });
    await fails(
      { filter: { kinds: "tea" } },
      /^Cannot filter by "kinds": the items of .* have .*kind.* \(did you mean "kind"\?\)$/,
    );
    await fails({ filter: { kind: "pot" } }, /^Cannot recommend: no item is left with kind "pot"/);
    await fails({ only: ["zz"] }, /^Cannot find item "zz"/);
  }));

Deno.test("a feature of several values is filtered by any of them", () =>
  inFolder(async (folder) => {
    Deno.writeTextFileSync(
      `${folder}/log.csv`,
      "user,item,timestamp\nu,a,1\nu,b,2\nu,c,3\nv,a,1\nv,c,2\nv,b,3\n",
    );
    Deno.writeTextFileSync(`${folder}/items.csv`, "item,genres\na,Drama|War\nb,War\nc,Drama\n");
    const { dataset } = await prepare({
      data: `${folder}/log.csv`,
      items: `${folder}/items.csv`,
      out: `${folder}/data`,
      minUser: 1,
      features: ["genres:multi"],
      protocols: ["recbole"],
      evalNegatives: 1,
    });
    const stub = new Stub(3, (_, item) => -item);
    const of = async (genres: string) =>
      (await recommend(stub, dataset, { users: ["u"], keepSeen: true, filter: { genres } })).getColumn("item")
        .toArray();
    assert.deepEqual(await of("War"), ["a", "b"]);
    assert.deepEqual(await of("Drama"), ["a", "c"]);
  }));

Deno.test("items are filtered by numbers, by true and false, and by any value of a list", () =>
  inFolder(async (folder) => {
    const prices = ["2.50", "2.5", "10", null, ""], sold = ["true", "False", "TRUE", null, "no"];
    const dataset = await makeDataset(folder, {
      ...SKETCH,
      items: Object.fromEntries(Array.from("abcde", (id, i) => [id, { price: prices[i], sold: sold[i] }])),
    });
    const of = async (filter: RecommendOptions["filter"]) => {
      const options = { users: ["ann"], keepSeen: true, filter };
      const frame = await recommend(ascending(), dataset, options);
      return frame.getColumn("item").toArray().sort().join("");
    };
    assert.equal(await of({ price: 2.5 }), "ab");
    assert.equal(await of({ price: "2.5" }), "b", "a text is what is written");
    assert.equal(await of({ sold: true }), "ac");
    assert.equal(await of({ sold: false }), "b");
    assert.equal(await of({ price: [2.5, 10] }), "abc");
    assert.equal(await of({ price: ["2.50", 10], sold: [true, "no"] }), "ac");
    const fails = (filter: unknown, message: RegExp) =>
      assert.rejects(of(filter as RecommendOptions["filter"]), { name: "InputError", message });
    await fails({ price: 0 }, /^Cannot recommend: no item is left with price 0; /);
    await fails({ price: [3, "x"] }, /^Cannot recommend: no item is left with price 3 or "x"; /);
    const given = (words: string) =>
      new RegExp(`^Cannot recommend: the option filter is ${words}; give an object`);
    await fails({ price: null }, given("an object whose price is null"));
    await fails({ price: NaN }, given("an object whose price is NaN"));
    await fails({ price: {} }, given("an object whose price is another object"));
    await fails({ sold: [] }, given("an object whose sold is an empty list"));
    await fails(
      { sold: ["no", undefined] },
      given("an object whose sold is a list whose value 2 is missing"),
    );
    await fails("price=2", given("a text"));
  }));

Deno.test("users of whom nothing is known get what is popular, if that is asked for; histories may have names", () =>
  inFolder(async (folder) => {
    // In training a, a, and a b: the last two of each are held out.
    const dataset = await makeDataset(folder, SKETCH), warnings: string[] = [];
    const progress: Progress = {
      start: () => ({ advance() {}, end() {} }),
      warn: (text) => warnings.push(text),
    };
    const frame = await recommend(ascending(), dataset, {
      users: ["new", "ann"],
      onUnknown: "popular" as const,
      k: 1,
      progress,
      histories: new Map([["9", ["e"]], ["1", ["d", "e"]]]),
    });
    assert.deepEqual(frame.select("user", "item").rows(), [["new", "a"], ["ann", "d"], ["9", "d"], [
      "1",
      "c",
    ]]);
    assert.deepEqual(warnings, [
      `Recommended what is popular to 1 user (new) who is not in ${dataset.folder}: it may have dropped users, and what they had is not ` +
      `read again (${NO_OPTIONS})`,
    ]);
    assert.deepEqual(
      (await recommend(ascending(), dataset, { histories: { bob: ["e"] }, k: 1 })).select("user", "item")
        .rows(),
      [["bob", "d"]],
    );
  }));

Deno.test("an empty history gets what is popular, whatever the method and the weight of popularity, and it is said", () =>
  inFolder(async (folder) => {
    // In training d three times, b twice, a once: 6, and 5 items, one more each. c and e are only held out.
    const sequences = { u: ["d", "b", "d", /**/ "c", "e"], v: ["b", "a", "d", /**/ "e", "c"] };
    const dataset = await makeDataset(folder, { sequences }), warnings: string[] = [];
    const progress: Progress = {
      start: () => ({ advance() {}, end() {} }),
      warn: (text) => warnings.push(text),
    };
    const histories = { ann: [], bob: ["a"], cid: [], dan: ["b", "c"], eve: ["e"] };
    for (const popularity of [1, 0.5, 0]) {
      const options = { histories, k: 5, popularity, keepSeen: true, progress };
      const frame = await recommend(ascending(), dataset, options);
      for (const name of ["ann", "cid"]) {
        const own = frame.filter(pl.col("user").eq(pl.lit(name)));
        assert.equal(own.getColumn("item").toArray().join(""), "dbace", "of equal ones the first");
        const shares = [4, 3, 2, 1, 1].map((n) => Math.log(n / 11));
        (own.getColumn("score").toArray() as number[]).forEach((score, i) =>
          assert.ok(Math.abs(score - shares[i]) < 1e-6)
        );
      }
      assert.equal(
        frame.filter(pl.col("user").eq(pl.lit("bob"))).getColumn("item").get(0),
        "a",
        "by the scores",
      );
    }
    assert.deepEqual(
      warnings,
      Array(3).fill("2 of 5 histories are empty (ann, cid): they get what is popular"),
    );
    const allowed = await recommend(ascending(), dataset, { histories: [[]], only: ["a", "c"] });
    assert.deepEqual(allowed.getColumn("item").toArray(), ["a", "c"], "only what may be recommended");
  }));

Deno.test("unknown ids end the work, or are left out with a warning", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, {
      ...SKETCH,
      sequences: { user17: ["a", "b", "e"], user18: ["e", "a", "b"] },
    });
    const fails = (options: RecommendOptions, message: RegExp, name = "InputError") =>
      assert.rejects(recommend(ascending(), dataset, options), { name, message });
    await fails(
      { users: ["usr17"] },
      /^Cannot find user "usr17" in the dataset \S*: it may have dropped users, and .* any more: [^"]*\); its users have ids such as "user17"; recommend by a history [^"]*$/, // and nobody is meant: usr17 may have been dropped
    );
    await fails(
      { histories: [["a", "zzzzz"]] },
      /^Cannot find item "zzzzz" in the dataset \S*; its items have ids such as "a"; --on-unknown skip leaves out others$/,
    );
    await fails({ exclude: ["a", "zzzzz"] }, /^Cannot find item "zzzzz" in the dataset /);
    await fails({ k: 0 }, /^Cannot recommend: the option k is 0; give a whole number from 1$/);
    await fails(
      { batchSize: 0 },
      /^Cannot recommend: the option batchSize is 0; give a whole number from 1$/,
    );
    await fails({ signal: AbortSignal.abort() }, /^Stopped while recommending/, "Interrupted");
    await assert.rejects(recommend(new Stub(4, () => 0), dataset), {
      name: "InputError",
      message: /trained on 4 items/,
    });
    await assert.rejects(recommend(new Stub(5, () => NaN), dataset), {
      name: "RunError",
      message: /not a number/,
    });

    const warnings: string[] = [];
    const progress = {
      start: () => ({ advance() {}, end() {} }),
      warn: (text: string) => void warnings.push(text),
    };
    const frame = await recommend(ascending(), dataset, {
      users: ["nobody", "user18"],
      histories: [["x", "e", "y"], ["z"]],
      onUnknown: "skip",
      k: 1,
      progress,
    });
    assert.deepEqual(frame.select("user", "item").rows(), [["user18", "d"], ["#1", "d"], ["#2", "a"]]);
    assert.deepEqual(warnings.map((text) => text.replace(folder, "")), [
      "Left out 3 ids that no item of /dataset has",
      "1 of 2 histories is empty (#2): it gets what is popular",
      "Left out 1 user (nobody) who is not in /dataset: it may have dropped users, and what they had is not read again " +
      `(${NO_OPTIONS})`,
    ]);
  }));

Deno.test("where nobody is named nobody gets anything, and it is said", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SKETCH), warnings: string[] = [];
    const progress = {
      start: () => ({ advance() {}, end() {} }),
      warn: (text: string) => void warnings.push(text),
    };
    for (const whom of [{ users: [] }, { histories: [] }]) {
      assert.equal((await recommend(ascending(), dataset, { ...whom, k: 1, progress })).height, 0);
    }
    const said = "Nobody is recommended anything: no user and no history was named";
    assert.deepEqual(warnings, [said, said]);
    assert.equal(
      (await recommend(ascending(), dataset, { users: ["x"], onUnknown: "skip", progress })).height,
      0,
    );
    assert.equal(warnings.length, 3);
    assert.match(warnings[2], /^Left out 1 user \(x\) who is not in /);
  }));

Deno.test("more lists than become a frame at once are all there, in their order", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SKETCH), n = 250_000;
    let asked = 0;
    const score = ({ starts }: Histories) => {
      const scores = new Float32Array(starts.length * 6);
      // The first of the n-th list is item n mod 5.
      for (let i = 0; i < starts.length; i++, asked++) {
        for (let item = 1; item <= 5; item++) scores[i * 6 + item] = item === 1 + asked % 5 ? 9 : item;
      }
      return Promise.resolve(scores);
    };
    const method = { name: "Many", items: 5, parameters: 0, score };
    const histories = Array.from({ length: n }, () => ["a"]);
    const frame = await recommend(method, dataset, { histories, k: 5, keepSeen: true });
    assert.equal(frame.height, 5 * n);
    for (const at of [0, 209_714, 209_715, 209_716, n - 1]) {
      const [user, rank, item, score] = frame.row(5 * at);
      assert.deepEqual([user, rank, item, score], [frame.row(5 * at + 4)[0], 1, "abcde"[at % 5], 9]);
      assert.notEqual(user, at > 0 ? frame.row(5 * at - 1)[0] : undefined);
    }
  }));

Deno.test("lists come in pieces, none of which is changed by the next; memory need not hold all of them", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SKETCH), histories = new Array(80_000).fill(["b"]);
    const options = { histories, k: 4 }, pieces: pl.DataFrame[] = [];
    for await (const piece of inPieces(ascending(), dataset, options)) pieces.push(piece);
    assert.equal(pieces.length, 2);
    const whole = await recommend(ascending(), dataset, options);
    assert(pl.concat(pieces).frameEqual(whole, true));
    const list = ["e", "d", "c", "a"];
    for (const user of [0, 65_535, 65_536, 79_999]) {
      const rows = whole.slice(4 * user, 4).select("user", "rank", "item").rows();
      assert.deepEqual(rows, list.map((item, i) => [`#${user + 1}`, i + 1, item]));
    }
  }));

Deno.test("lists that do not fit into memory are refused before they are made", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SKETCH), users = Object.keys(SKETCH.sequences).length;
    limitMemory(1);
    try {
      await assert.rejects(recommend(ascending(), dataset, { k: 3 }), {
        name: "InputError",
        message:
          `Cannot recommend 3 items to each of ${users} users: it takes ${
            formatSize(users * 3 * 40)
          } of memory at least, ` +
          "and 1B are allowed; lower --k, or name fewer users with --users",
      });
    } finally {
      limitMemory(Infinity);
    }
    assert.equal(
      (await recommend(ascending(), dataset, { users: Object.keys(SKETCH.sequences)[0], k: 1 })).height,
      1,
    );
  }));

Deno.test("items that are left out, or named alone, may be among those that the dataset lacks, if that is asked for", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SKETCH);
    const warnings: string[] = [];
    const progress = {
      start: () => ({ advance() {}, end() {} }),
      warn: (text: string) => void warnings.push(text.replace(folder, "")),
    };
    const items = async (options: RecommendOptions) => {
      const asked = { histories: [["a"]], onUnknown: "skip", progress, ...options } as const;
      return (await recommend(ascending(), dataset, asked)).getColumn("item").toArray();
    };
    assert.deepEqual(await items({ exclude: ["e", "gone", "sold"], k: 3 }), ["d", "c", "b"]);
    assert.deepEqual(await items({ only: ["c", "gone"], k: 1 }), ["c"]);
    assert.deepEqual(warnings, [
      "Left out 2 ids that no item of /dataset has",
      "Left out 1 id that no item of /dataset has",
    ]);
  }));

Deno.test("whoever is asked for, a dataset in parts gives the lists of one in a single file", () =>
  inFolder(async (folder) => {
    const sequences = Object.fromEntries(
      Array.from(
        { length: 7 },
        (_, u) => [`u${u}`, Array.from({ length: 4 }, (_, t) => "abcdefgh"[(u + t * (u % 3 + 1)) % 8])],
      ),
    );
    const whole = await makeDataset(`${folder}/whole`, { sequences });
    const parts = await makeDataset(`${folder}/parts`, { sequences, partRows: 8 });
    assert.equal(parts.parts.length, 4);
    const of = async (dataset: typeof whole, options: RecommendOptions) => {
      const stub = new Stub(dataset.items, (history, item) => item - 10 * history.indexOf(item));
      const rows = (await recommend(stub, dataset, { k: 3, keepSeen: true, ...options })).rows();
      return { rows, asked: stub.asked };
    };
    for (const users of [undefined, ["u0", "u6"], ["u5", "u1", "u1"], ["u2"], ["u6", "u3", "u0", "u4"]]) {
      const histories = users && { "somebody else": ["c", "a"] };
      assert.deepEqual(await of(parts, { users }), await of(whole, { users }));
      assert.deepEqual(await of(parts, { users, histories }), await of(whole, { users, histories }));
    }
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

Deno.test({
  name: "MovieLens-1M: all users against all items, evaluated and recommended, in seconds",
  ignore: !hasShared("ml-1m/interactions.csv.gz"),
  fn: () =>
    inFolder(async (folder) => {
      const { dataset } = await prepare({
        data: sharedData + "ml-1m/interactions.csv.gz",
        out: `${folder}/ml-1m`,
      });
      const recommender = await markov.fit(dataset, {});
      const started = performance.now();
      const { metrics, exposure } = await evaluate(recommender, dataset);
      const frame = await recommend(recommender, dataset);
      assert.ok(performance.now() - started < 20_000); // about one second on an idle machine
      assert.equal(frame.height, 10 * 6040);
      // What follows the last film is worth far more than chance (10 of 101, and of 3,706), and less than everything.
      assert.ok(
        metrics.recbole["HR@10"] > 0.45 && metrics.recbole["HR@10"] < 0.55,
        `${metrics.recbole["HR@10"]}`,
      );
      assert.ok(metrics.full["HR@10"] > 0.15 && metrics.full["HR@10"] < 0.25, `${metrics.full["HR@10"]}`);
      assert.ok(exposure!.lists[0].popularityPercentile > exposure!.targets.popularityPercentile);
    }),
});

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
