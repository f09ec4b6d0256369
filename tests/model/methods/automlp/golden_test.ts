/**
 * The results of a seed, to the bit: a code change that should not affect any number must not change these.
 *
 * Only plain JavaScript computes here: its arithmetic, and V8's own exponentials and logarithms, are the same on every processor. The other
 * engines choose their instructions for the processor, which changes the last bits.
 */
import assert from "node:assert/strict";
import "../../../../model/methods/registry.ts";
import { createHash } from "node:crypto";
import { type DatasetNetworkInput, networkFor } from "../../../../model/methods/automlp/method.ts";
import { openEngine } from "../../../../model/backend/engine.ts";
import { Search } from "../../../../model/search/search.ts";
import { LOSSES } from "../../../../model/train/losses/registry.ts";
import { Training } from "../../../../model/train/training.ts";
import { inFolder, makeDataset } from "../../../pipeline/export/dataset.ts";
import { walks } from "../../support.ts";

const engine = await openEngine({ engine: "cpu" });
const SMALL = {
  length: 8,
  dim: 8,
  layers: 2,
  longLayers: 1,
  sequenceHidden: 6,
  channelHidden: 6,
  dropout: 0,
  seenBias: 0,
  fusion: "concat",
} as const;
const SETTINGS = { trainNegatives: 3, rate: 0.01, batchSize: 32, seed: 7 };
const STEPS = 6;
const ITEMS = Array.from("abcdefghijkl");

/** Sixteen users, each with a different walk through twelve items, of which every third is green. */
const sketch = {
  sequences: walks(16, 10, ITEMS),
  items: Object.fromEntries(ITEMS.map((id, i) => [id, { colour: i % 3 === 0 ? "green" : "blue" }])),
  features: [{ name: "colour", kind: "categorical" as const }],
};

/** SHA-256 of all numbers, with their names. */
function hashOf(values: Iterable<readonly [name: string, numbers: Float32Array | Float64Array]>): string {
  const hash = createHash("sha256");
  for (const [name, numbers] of values) {
    hash.update(name).update(new Uint8Array(numbers.slice().buffer));
  }
  return hash.digest("hex").slice(0, 16);
}

const TRAINED = {
  /** With the bias for seen items that the data give. */
  "seen": "4a3c38d4a7b1477d",
  /** With feature vectors that are added to the item vectors. */
  "sum": "fc4ebcf1728d8c39",
  "ce": "4ed426699c8ff0e2",
  "bce": "6d7de72066892d8e",
  "sampled-softmax": "ea61a450509bace4",
  "bpr": "144b56f65acad9f3",
  "bpr-max": "85cbaaba1d31f9bf",
  "top1-max": "dd720c148b2f9710",
};
const OWN: Record<string, DatasetNetworkInput> = { seen: { seenBias: undefined }, sum: { fusion: "sum" } };
for (const name of [...LOSSES, "seen", "sum"] as const) {
  Deno.test(`golden: weights after ${STEPS} steps of training with ${name}`, () =>
    inFolder(async (folder) => {
      const dataset = await makeDataset(folder, sketch);
      const loss = name === "seen" || name === "sum" ? "ce" : name;
      const config = networkFor(dataset, { ...SMALL, ...OWN[name], lengths: [3] });
      const training = new Training(engine, dataset, config, { ...SETTINGS, loss });
      for (let i = 0; i < STEPS; i++) training.step();
      assert.equal(hashOf(training.values()), TRAINED[name]);
      training.dispose();
    }));
}

const SEARCHED = {
  shared: "120ecf274633e11d",
  darts: "26110ad7b98015b9",
};
for (const method of ["shared", "darts"] as const) {
  Deno.test(`golden: α and weights after ${STEPS} steps of the search ${method}`, () =>
    inFolder(async (folder) => {
      const dataset = await makeDataset(folder, sketch);
      const config = networkFor(dataset, { ...SMALL, lengths: [2, 5] });
      const search = new Search(engine, dataset, config, { ...SETTINGS, search: method, warmup: 0 });
      for (let i = 0; i < STEPS; i++) search.step();
      const { tensors } = search.state().optimizer;
      const weights = [...tensors].map(([name, { values }]) => [name, values] as const);
      assert.equal(hashOf([["alpha", search.alpha], ...weights]), SEARCHED[method]);
      search.dispose();
    }));
}
