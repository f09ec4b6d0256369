/**
 * What a seed comes to, to the bit: a change of the code that is to change no number must not change these.
 *
 * Plain JavaScript computes here, and nothing else: its arithmetic, and V8's own exponentials and logarithms, are the same on
 * every processor. The other engines choose their instructions by the processor, and with these the last bits.
 */
import assert from "node:assert/strict";
import "../../../model/methods/registry.ts";
import { createHash } from "node:crypto";
import { networkFor } from "../../../model/automlp/build.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import { RELAXATIONS } from "../../../model/search/state.ts";
import { Search } from "../../../model/search/search.ts";
import { LOSSES } from "../../../model/train/losses/registry.ts";
import { Training } from "../../../model/train/training.ts";
import { inFolder, makeDataset } from "../../pipeline/export/dataset.ts";
import { walks } from "../support.ts";

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
};
const SETTINGS = { trainNegatives: 3, rate: 0.01, batchSize: 32, seed: 7 };
const STEPS = 6;
const ITEMS = Array.from("abcdefghijkl");

/** Sixteen users, each with a walk of its own through twelve items, of which every third is green. */
const sketch = {
  sequences: walks(16, 10, ITEMS),
  items: Object.fromEntries(ITEMS.map((id, i) => [id, { colour: i % 3 === 0 ? "green" : "blue" }])),
  features: [{ name: "colour", kind: "categorical" as const }],
};

/** SHA-256 of all numbers, with the names that they go by. */
function hashOf(values: Iterable<readonly [name: string, numbers: Float32Array | Float64Array]>): string {
  const hash = createHash("sha256");
  for (const [name, numbers] of values) {
    hash.update(name).update(new Uint8Array(numbers.slice().buffer));
  }
  return hash.digest("hex").slice(0, 16);
}

const TRAINED = {
  /** With the data's own bias for what was seen. */
  "seen": "090bec91f083760c",
  "ce": "122ea977c276d3d1",
  "bce": "7e549a4836f16960",
  "sampled-softmax": "7c2e6743a816597c",
  "bpr": "fc1723ee720aef73",
  "bpr-max": "5b9c3ed0d5aaa06c",
  "top1-max": "dbeb4e44752f2ff3",
};
for (const name of [...LOSSES, "seen"] as const) {
  Deno.test(`golden: weights after ${STEPS} steps of training with ${name}`, () =>
    inFolder(async (folder) => {
      const dataset = await makeDataset(folder, sketch);
      const own = name === "seen" ? { seenBias: undefined } : {}, loss = name === "seen" ? "ce" : name;
      const config = networkFor(dataset, { ...SMALL, ...own, candidates: [3] });
      const training = new Training(engine, dataset, config, { ...SETTINGS, loss });
      for (let i = 0; i < STEPS; i++) training.step();
      assert.equal(hashOf(training.values()), TRAINED[name]);
      training.dispose();
    }));
}

const SEARCHED = {
  losses: "a72f109c5bc933f2",
  outputs: "8d4d81d5903d37b7",
};
for (const relaxation of RELAXATIONS) {
  Deno.test(`golden: α and weights after ${STEPS} steps of the search by ${relaxation}`, () =>
    inFolder(async (folder) => {
      const dataset = await makeDataset(folder, sketch);
      const config = networkFor(dataset, { ...SMALL, candidates: [2, 5] });
      const search = new Search(engine, dataset, config, { ...SETTINGS, relaxation, warmup: 0 });
      for (let i = 0; i < STEPS; i++) search.step();
      const { tensors } = search.state().optimizer;
      const weights = [...tensors].map(([name, { values }]) => [name, values] as const);
      assert.equal(hashOf([["alpha", search.alpha], ...weights]), SEARCHED[relaxation]);
      search.dispose();
    }));
}
