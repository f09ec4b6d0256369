import assert from "node:assert/strict";
import "../../../model/methods/registry.ts";
import { networkFor } from "../../../model/automlp/build.ts";
import { modelParameters } from "../../../model/automlp/network.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import { sizeOf } from "../../../model/backend/tensor.ts";
import { ownModel } from "../../../model/train/model_weights.ts";
import { inFolder, makeDataset } from "../../pipeline/export/dataset.ts";

const NETWORK = { length: 4, dim: 4, layers: 1, longLayers: 0, sequenceHidden: 4, channelHidden: 4 };

Deno.test("a model owns its tensors, and has none where one of them cannot be made", () =>
  inFolder(async (folder) => {
    const engine = await openEngine(), before = engine.memory().tensors;
    const dataset = await makeDataset(folder, { sequences: { u: ["a", "b", "c", "d"] } });
    const config = networkFor(dataset, { ...NETWORK, candidates: [2] }), specs = modelParameters(config);
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
