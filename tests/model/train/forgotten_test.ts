import assert from "node:assert/strict";
import "../../../model/methods/registry.ts";
import v8 from "node:v8";
import vm from "node:vm";
import { train } from "../../../model/methods/train.ts";
import { networkFor } from "../../../model/methods/automlp/method.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import { Training } from "../../../model/train/training.ts";
import { inFolder, makeDataset } from "../../pipeline/export/dataset.ts";

v8.setFlagsFromString("--expose-gc");
const collect = vm.runInNewContext("gc") as () => void;

/** Collects garbage until `done`, for half a minute at most: the JavaScript engine decides when finalizers run. */
async function collectUntil(done: () => boolean): Promise<void> {
  for (let i = 0; i < 1500 && !done(); i++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

Deno.test("a training that nothing refers to any more frees its tensors; its models live as long as they are held", () =>
  inFolder(async (folder) => {
    const engine = await openEngine(), tensors = () => engine.memory().tensors;
    const dataset = await makeDataset(folder, {
      sequences: { u: ["a", "b", "c", "d"], v: ["b", "c", "d", "a"] },
    });
    const network = { length: 4, dim: 4, layers: 1, longLayers: 0, sequenceHidden: 4, channelHidden: 4 };
    const config = networkFor(dataset, { ...network, lengths: [2] });
    const before = tensors();
    const make = () =>
      new Training(engine, dataset, config, {
        loss: "ce",
        trainNegatives: 1,
        trainDistribution: "uniform",
        rate: 0.01,
        batchSize: 8,
        seed: 1,
        epochs: 1,
        patience: 1,
        metric: "HR@1" as const,
        protocol: "full" as const,
      });
    let live = make().recommender(), copy = make().finish();
    const values = live.values(), { length } = live.specs;
    await collectUntil(() => tensors() <= before + 5 * length);
    assert.equal(
      tensors(),
      before + 5 * length,
      "a live network with Adam's moments and its average, and a copy",
    );
    assert.deepEqual([live.values(), copy.values()], [values, values]);
    live = copy = undefined!;
    await collectUntil(() => tensors() === before);
    assert.equal(tensors(), before);
  }));

Deno.test("a trained model frees its tensors at the end of its block, and says so to who asks it later", () =>
  inFolder(async (folder) => {
    const engine = await openEngine(),
      dataset = await makeDataset(folder, {
        sequences: { u: ["a", "b", "c", "d"], v: ["b", "c", "d", "a"] },
      });
    const before = engine.memory().tensors,
      options = { dim: 4, length: 4, epochs: 1, metric: "HR@1" as const };
    let kept;
    {
      using model = await train("gru4rec", dataset, options, engine);
      assert.ok(engine.memory().tensors > before);
      kept = model;
    }
    assert.equal(engine.memory().tensors, before);
    assert.throws(() => kept.values(), /^InputError: Cannot use the model: it was disposed of/);
    kept[Symbol.dispose](); // a second time does nothing
  }));

for (const [method, sizes] of [["automlp", { lengths: [2] }], ["gru4rec", { itemBias: true }]] as const) {
  Deno.test(`what ${method} computed of its weights to score goes with the model, when nothing refers to it any more`, () =>
    inFolder(async (folder) => {
      const engine = await openEngine(), tensors = () => engine.memory().tensors;
      const dataset = await makeDataset(folder, {
        sequences: { u: ["a", "b", "c", "d"], v: ["b", "c", "d", "a"] },
      });
      const before = tensors(), options = { dim: 4, length: 4, epochs: 1, metric: "HR@1" as const };
      let model = await train(method, dataset, { ...options, ...sizes });
      const { length } = model.specs;
      await collectUntil(() => tensors() <= before + length);
      const own = tensors();
      await model.score({ items: Uint32Array.of(1), starts: Uint32Array.of(0), ends: Uint32Array.of(1) });
      assert.equal(tensors(), own + 2, "two tensors of all items are kept for the next time");
      model = undefined!;
      await collectUntil(() => tensors() === before);
      assert.equal(tensors(), before);
    }));
}
