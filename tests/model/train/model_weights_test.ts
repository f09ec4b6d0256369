import assert from "node:assert/strict";
import "../../../model/methods/registry.ts";
import { networkFor } from "../../../model/methods/automlp/method.ts";
import { modelParameters } from "../../../model/methods/automlp/network.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import { sizeOf } from "../../../model/backend/tensor.ts";
import { Search } from "../../../model/search/search.ts";
import { Training } from "../../../model/train/training.ts";
import { ownModel } from "../../../model/train/model_weights.ts";
import { inFolder, makeDataset } from "../../pipeline/export/dataset.ts";

const NETWORK = { length: 4, dim: 4, layers: 1, longLayers: 0, sequenceHidden: 4, channelHidden: 4 };

Deno.test("a model owns its tensors, and has none where one of them cannot be made", () =>
  inFolder(async (folder) => {
    const engine = await openEngine(), before = engine.memory().tensors;
    const dataset = await makeDataset(folder, { sequences: { u: ["a", "b", "c", "d"] } });
    const config = networkFor(dataset, { ...NETWORK, lengths: [2] }), specs = modelParameters(config);
    const values = new Map(specs.map(({ name, shape }) => [name, new Float32Array(sizeOf(shape)).fill(0.5)]));
    const owned = ownModel(engine, dataset, config, values);
    assert.equal(engine.memory().tensors, before + specs.length);
    assert.deepEqual(owned.model.values(), values);
    owned.dispose();
    assert.equal(engine.memory().tensors, before);

    const last = specs.at(-1)!.name;
    const cut = new Map(values).set(last, values.get(last)!.subarray(1));
    assert.throws(() => ownModel(engine, dataset, config, cut), /shape|size|elements/i);
    assert.equal(engine.memory().tensors, before);
  }));

Deno.test("what is declared by using frees its tensors at the end of its block", () =>
  inFolder(async (folder) => {
    const engine = await openEngine(), sequences = { u: ["a", "b", "c", "d"], v: ["b", "c", "d", "a"] };
    const dataset = await makeDataset(folder, { sequences });
    const before = engine.memory().tensors, config = networkFor(dataset, { ...NETWORK, lengths: [2] });
    {
      using search = new Search(engine, dataset, networkFor(dataset, { ...NETWORK, lengths: [1, 2] }));
      using training = new Training(engine, dataset, config, { epochs: 1 });
      using loaded = ownModel(engine, dataset, config, training.values());
      const all = [search.specs, training.specs, loaded.model.specs].flat();
      assert(engine.memory().tensors >= before + all.length);
    }
    assert.equal(engine.memory().tensors, before);
  }));
