/** A method knows items by numbers: another dataset with equally many items is refused if the numbers mean other items. */
import assert from "node:assert/strict";
import { markov } from "../../model/methods/baselines.ts";
import { evaluate } from "../../model/evaluate/evaluate.ts";
import { saveModel } from "../../model/methods/store.ts";
import { beginTraining, train } from "../../model/methods/train.ts";
import { exportModel } from "../../model/onnx/export.ts";
import { forDataset } from "../../model/recommend/other_dataset.ts";
import { recommend } from "../../model/recommend/recommend.ts";
import { inFolder, makeDataset } from "../pipeline/export/dataset.ts";
import { refused } from "./support.ts";

const OWN = { sequences: { ann: ["a", "b", "c", "d"], bob: ["b", "c", "d", "a"] } };
/** Equally many items: e is new, d is gone, and c has another number. */
const OTHER = { sequences: { ann: ["a", "b", "c", "e"], bob: ["b", "aa", "e", "a", "c"] } };
/** The same items, with other people. */
const PEOPLE = { sequences: { zoe: ["a", "b", "c", "d"], bob: ["b", "c", "d", "a"] } };
const SIZES = { dim: 4, epochs: 1, batchSize: 2 };

Deno.test("a method on a dataset that numbers other items is refused by all that take both", () =>
  inFolder(async (folder) => {
    const own = await makeDataset(`${folder}/own`, {
      sequences: { ...OWN.sequences, eve: ["a", "b", "c", "x"] },
    });
    const other = await makeDataset(`${folder}/other`, OTHER);
    assert.equal(own.items, other.items);
    const model = await train("gru4rec", own, { ...SIZES, hidden: 4 });
    const begun = await beginTraining("gru4rec", own, { ...SIZES, hidden: 4 });
    const why = /: it was trained on .+own.* \(\w{8}\), which numbers other items; use the dataset that /;
    for (const method of [model, begun.recommender(), await markov.fit(own)]) {
      await refused(() => evaluate(method, other), why);
      await refused(() => recommend(method, other), why);
      await refused(
        () => forDataset(method, other, own),
        /^Cannot take .* from .*: it was trained on .*own.*; name first/,
      );
      const moved = forDataset(method, own, other);
      await recommend(moved, other);
      await refused(() => recommend(moved, own), /: it was trained on .+other.* \(\w{8}\), which numbers/);
    }
    const of = { dataset: other, seed: 1 };
    await refused(
      () => saveModel(`${folder}/model`, model, of),
      /^Cannot save the model to .*: it was trained on/,
    );
    await refused(
      () => exportModel(model, other, { to: "onnx", out: `${folder}/onnx` }),
      /^Cannot write GRU4Rec as ONNX with .*: it was trained on .*, which numbers other items; use the/,
    );
    begun.dispose();
  }));

Deno.test("a dataset with the same items will do, and for a method that knows people one with the same people", () =>
  inFolder(async (folder) => {
    const own = await makeDataset(`${folder}/own`, OWN),
      people = await makeDataset(`${folder}/people`, PEOPLE);
    assert.notEqual(own.manifest.hash, people.manifest.hash);
    await evaluate(await train("gru4rec", own, { ...SIZES, hidden: 4 }), people);
    await evaluate(await markov.fit(own), people);
    const personal = await train("fpmc", own, SIZES);
    await evaluate(personal, own);
    await refused(() => evaluate(personal, people), /, which numbers other users; use the dataset/);
    await evaluate(forDataset(personal, own, people), people);
  }));

Deno.test("what a method was trained on is known, too, when its folder holds something else", () =>
  inFolder(async (folder) => {
    const own = await makeDataset(`${folder}/own`, PEOPLE), method = await markov.fit(own);
    await Deno.remove(own.folder, { recursive: true });
    await evaluate(method, await makeDataset(`${folder}/again`, OWN));
  }));
