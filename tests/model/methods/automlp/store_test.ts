/** Runs from an untrusted source: wrong model files are refused in one line, before memory is allocated. */
import { modelParameters } from "../../../../model/methods/automlp/network.ts";
import { join } from "node:path";
import type { SequenceDataset } from "../../../../mod.ts";
import { networkFor } from "../../../../model/methods/automlp/method.ts";
import { checkWeights, loadModel, saveModel } from "../../../../model/methods/store.ts";
import { openEngine } from "../../../../model/backend/engine.ts";
import { RunFolder } from "../../../../model/runs/folder.ts";
import {
  readSafetensors,
  type SavedTensor,
  writeSafetensors,
} from "../../../../model/records/safetensors.ts";
import { Training } from "../../../../model/train/training.ts";
import { inFolder, makeDataset } from "../../../pipeline/export/dataset.ts";
import { refused } from "../../support.ts";

const engine = await openEngine();
const SIZES = {
  length: 6,
  dim: 4,
  layers: 1,
  longLayers: 0,
  sequenceHidden: 4,
  channelHidden: 4,
  lengths: [2],
};
const sketch = {
  sequences: Object.fromEntries(Array.from("abcd", (user) => [user, Array.from("12345678")])),
};

/** Runs `test` with a saved model, in a run without checksums, as anybody could have made it. */
const withModel = (
  test: (
    made: { run: RunFolder; dataset: SequenceDataset; config: string; weights: string },
  ) => Promise<void>,
) =>
  inFolder(async (dir) => {
    const dataset = await makeDataset(dir, sketch), run = RunFolder.create(join(dir, "run"));
    const training = new Training(engine, dataset, networkFor(dataset, SIZES));
    await saveModel(run, training.finish(), { dataset, seed: 1 });
    training.dispose();
    Deno.removeSync(join(run.path, "checksums.json"));
    const [config, weights] = ["config.json", "weights.safetensors"].map((name) =>
      join(run.path, "model", name)
    );
    await test({ run, dataset, config, weights });
  });

/** Changed sizes in the configuration, each with its error message. */
const SIZES_OF_OTHERS: [change: object, message: RegExp][] = [
  [{ length: 1e9 }, /Cannot load the model of .*: length: must be at most 1000000$/],
  [{ length: 1 }, /the candidate length 2 is longer than the sequence, 1; raise --length$/],
  [{ layers: 1e9 }, /: layers: must be at most 10000$/],
  [{ longLayers: 1e9 }, /: longLayers: must be at most 10000$/],
  [
    { lengths: Array.from({ length: 1e6 }, (_, i) => i + 1) },
    /lengths: must be at most 1000 lengths$/,
  ],
  [{ lengths: [2, 2] }, /the candidates name the length 2 twice/],
  [{ dim: -4 }, /: dim: /],
  [{ dim: "4" }, /: dim: /],
  [{ extra: 1 }, /there is no option extra/],
  // Within the allowed range, but not those of the weights.
  [
    { dim: 65_536 },
    /run: they are not those of the network in its config.json \(tensor "items.embedding" has the shape 9 × 4, not 9 × 65536\); train it again$/,
  ],
  [{ lengths: [3] }, /\(there is no tensor "short.3.0.sequence.gain" of shape 4\)/],
  [{ longLayers: 10_000, layers: 1 }, /it has 10001 layers in all modules, more than 10000/],
  [{ longLayers: 9_999 }, /\(there is no tensor "long.0.sequence.gain" of shape 4\)/],
  [
    { items: 5 },
    /Cannot use this network with .*: it has 5 items and the features none, the dataset has 8 and none; /,
  ],
  [
    { features: [{ name: "x", kind: "numeric", values: 0 }] },
    /it has 8 items and the features x \(numeric, 0\), the dataset/,
  ],
];

Deno.test("a model's sizes are bounded, follow the rules of a network, and are those of its weights and dataset", () =>
  withModel(async ({ run, dataset, config }) => {
    (await loadModel(run, dataset, { engine })).dispose();
    const right = JSON.parse(Deno.readTextFileSync(config));
    for (const [change, message] of SIZES_OF_OTHERS) {
      Deno.writeTextFileSync(config, JSON.stringify({ ...right, config: { ...right.config, ...change } }));
      await refused(() => loadModel(run, dataset, { engine }), message);
    }
  }));

Deno.test("weights are all there, no others, and numbers", () =>
  withModel(async ({ run, dataset, weights }) => {
    const { tensors, metadata } = await readSafetensors(weights);
    const name = "output.bo", { shape, values } = tensors.get(name)!;
    const bad = (value: number): SavedTensor => ({ shape, values: values.with(2, value) });
    const cases: [change: [string, SavedTensor?][], message: RegExp][] = [
      [[[name]], /\(there is no tensor "output.bo" of shape 4\); train it again$/],
      [[["extra", { shape, values }]], /\(there is a tensor "extra", which the network has not\)/],
      [[[name, { shape: [2, 2], values }]], /\(tensor "output.bo" has the shape 2 × 2, not 4\)/],
      [[[name, bad(NaN)]], /: not all of "output.bo" are finite numbers; train it again$/],
      [[[name, bad(-Infinity)]], /: not all of "output.bo" are finite numbers; train it again$/],
    ];
    for (const [changes, message] of cases) {
      const changed = new Map(tensors);
      for (const [name, tensor] of changes) tensor ? changed.set(name, tensor) : changed.delete(name);
      await writeSafetensors(weights, changed, metadata);
      await refused(() => loadModel(run, dataset, { engine }), message);
    }
  }));

Deno.test("that weights are those of a network can be seen from the header alone", () =>
  withModel(async ({ run, dataset, weights }) => {
    const network = networkFor(dataset, SIZES);
    await readSafetensors(weights, {
      check: (shapes) => checkWeights(run.path, modelParameters(network), shapes),
    });
    await refused(
      () =>
        readSafetensors(weights, {
          check: (shapes) => checkWeights(run.path, modelParameters({ ...network, dim: 8 }), shapes),
          limit: 1e9,
        }),
      /^Cannot use the weights of .*run: they are not those of the network/,
    );
  }));
