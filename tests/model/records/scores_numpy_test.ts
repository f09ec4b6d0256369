import assert from "node:assert/strict";
import { join } from "node:path";
import { networkFor } from "../../../model/methods/automlp/method.ts";
import type { NetworkInput } from "../../../model/methods/automlp/config.ts";
import { modelParameters } from "../../../model/methods/automlp/network.ts";
import { loadModel, saveModel } from "../../../model/methods/store.ts";
import { ownModel } from "../../../model/train/model_weights.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import { ITEM_TABLE } from "../../../model/layers/item_vectors.ts";
import { initialValues } from "../../../model/layers/parameters.ts";
import { RunFolder } from "../../../model/runs/folder.ts";
import { inFolder, makeDataset, type Sketch, TOY } from "../../pipeline/export/dataset.ts";
import { hasModules, runPython } from "../../pipeline/export/python.ts";

const sizes = { length: 6, dim: 8, sequenceHidden: 5, channelHidden: 7 };

const CASES: [name: string, sketch: Sketch, input: Omit<NetworkInput, "items" | "features">][] = [
  ["all kinds of features, added up", TOY, { ...sizes, lengths: [3], fusion: "sum" }],
  ["all kinds of features, side by side", TOY, { ...sizes, lengths: [3], fusion: "concat" }],
  ["no features, one layer, a short module as long as the sequence", { ...TOY, features: [] }, {
    ...sizes,
    lengths: [6],
    layers: 1,
    longLayers: 3,
  }],
  ["no long-term module, cosine, histories longer than the sequence", TOY, {
    ...sizes,
    length: 2,
    lengths: [1],
    longLayers: 0,
    score: "cosine",
    temperature: 0.3,
  }],
];

for (const [name, sketch, input] of CASES) {
  Deno.test({
    name: `NumPy gets the same scores from the weights: ${name}`,
    ignore: !hasModules("numpy", "pyarrow"),
    fn: () =>
      inFolder(async (dir) => {
        const engine = await openEngine({ engine: "cpu" });
        const dataset = await makeDataset(dir, sketch), config = networkFor(dataset, input);
        // Nothing is zero except the padding, so that every weight counts.
        const values = new Map(
          modelParameters(config)
            .map((spec) => [spec.name, initialValues({ ...spec, deviation: 0.4 }, 1)]),
        );
        values.get(ITEM_TABLE)!.fill(0, 0, config.dim);
        const run = RunFolder.create(join(dir, "run"));
        await saveModel(run, ownModel(engine, dataset, config, values).model, { dataset, seed: 1 });

        const { offsets, items, splits } = dataset.sequences();
        const users = Array.from({ length: dataset.users }, (_, i) => i + 1);
        const { model, dispose } = await loadModel(run, dataset, { engine });
        const ours = await model.score({
          items,
          starts: Uint32Array.from(users, (user) => offsets[user]),
          ends: Uint32Array.from(users, (user) =>
            offsets[user] + splits.subarray(offsets[user], offsets[user + 1]).indexOf(2)),
        });
        dispose();
        const theirs = runPython<Record<string, number[]>>(
          "scores_numpy.py",
          run.path,
          dataset.folder,
          ...users.map(String),
        );
        const width = dataset.items + 1;
        users.forEach((user, i) => {
          const mine = ours.subarray(i * width + 1, (i + 1) * width);
          assert.equal(theirs[user].length, mine.length);
          theirs[user].forEach((score, item) =>
            assert.ok(
              Math.abs(score - mine[item]) < 1e-4,
              `user ${user}, item ${item + 1}: ${score}, ${mine[item]}`,
            )
          );
        });
        assert.ok(new Set(ours).size > dataset.users * (dataset.items - 1)); // the scores tell items and users apart
      }),
  });
}
