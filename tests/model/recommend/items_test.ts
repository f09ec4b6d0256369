import assert from "node:assert/strict";
import { recommend, type RecommendOptions } from "../../../model/recommend/recommend.ts";
import { prepare } from "../../../pipeline/run.ts";
import { inFolder, makeDataset } from "../../pipeline/export/dataset.ts";
import { Stub } from "../stub.ts";
import { ascending, SKETCH } from "./lists.ts";

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
      /^Cannot filter by "kinds": the items of .* have id, kind, name \(did you mean "kind"\?\)$/,
    );
    await fails({ filter: { kind: "pot" } }, /^Cannot recommend: no item is left with kind "pot"/);
    await fails(
      { only: ["a", "c"], filter: { kind: "cup" } },
      /^Cannot recommend: no item is left of those of --only with kind "cup"; see what there is with inspect$/,
    );
    await fails(
      { only: "a", exclude: ["a"] },
      /^Cannot recommend: no item is left of those of --only without those of --exclude; name other items$/,
    );
    await fails({ exclude: [..."abcde"] }, /no item is left without those of --exclude; name other items$/);
    await assert.rejects(recommend(ascending(), dataset, { only: ["zz"] }), {
      name: "UnknownIdError",
      message: /^Cannot find item "zz"/,
    });
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
    for (
      const wrong of [{ price: null }, { price: NaN }, { sold: [] }, { sold: ["no", undefined] }, "price=2"]
    ) {
      await fails(wrong, /^Cannot recommend: the option filter is [^;]*; give an object/);
    }
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
