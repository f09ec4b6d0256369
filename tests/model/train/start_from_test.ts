/** Yesterday's model learns today's data: the same items have other numbers, some are new, some are gone. */
import assert from "node:assert/strict";
import {
  beginTraining,
  evaluate,
  type MethodName,
  type SequenceDataset,
  train,
  type TrainedNetwork,
  type Training,
} from "../../../mod.ts";
import { learntTargets } from "../../../model/train/start_from.ts";
import { listener } from "../../listener.ts";
import { inFolder, makeDataset } from "../../pipeline/export/dataset.ts";
import { refused } from "../support.ts";

const BEFORE = {
  sequences: { ann: ["a", "b", "c", "d"], bob: ["b", "c", "d", "a"], eve: ["c", "d", "a", "b"] },
};
/** d and ann are gone; e, f and zoe are new; the numbers differ. */
const NOW = {
  sequences: { zoe: ["e", "b", "f", "c"], bob: ["b", "c", "a", "f"], eve: ["a", "c", "b", "e"] },
};
const SIZES = { length: 4, dim: 4, hidden: 4, epochs: 1, batchSize: 2, seed: 1, metric: "HR@1" } as const;

/** Weights of a network: the rows of the item table by original ids, and the other tensors. */
function weightsOf(network: Pick<TrainedNetwork, "specs" | "values">, dataset: SequenceDataset) {
  const others = network.values(), { specs } = network;
  const { name, shape } = specs.find(({ rows }) => rows === "items")!, [, width] = shape;
  const table = others.get(name)!, row = (item: number) => table.subarray(item * width, (item + 1) * width);
  others.delete(name);
  const numbers = Array.from({ length: dataset.items }, (_, i) => i + 1);
  return { items: new Map(numbers.map((item) => [dataset.itemId(item), row(item)])), others };
}

/** Those of a training, as they are. */
const weightsIn = (training: Training) =>
  weightsOf({ specs: training.specs, values: () => training.values() }, training.dataset);

Deno.test("training begins with the weights of a model, by original ids; what it does not know is as if it began afresh", () =>
  inFolder(async (folder) => {
    const before = await makeDataset(`${folder}/before`, BEFORE),
      now = await makeDataset(`${folder}/now`, NOW);
    const learnt = await beginTraining("gru4rec", before, SIZES);
    await learnt.run();
    const model = learnt.finish(), { progress, warnings, remarks } = listener();
    const begun = await beginTraining("gru4rec", now, {
      ...{ seed: 1, batchSize: 2, metric: "HR@1" as const },
      startFrom: { model, dataset: before },
      progress,
    });
    const fresh = await beginTraining("gru4rec", now, SIZES);
    const old = weightsOf(model, before), is = weightsIn(begun), unlearnt = weightsIn(fresh);
    for (const id of ["a", "b", "c"]) assert.deepEqual(is.items.get(id), old.items.get(id));
    for (const id of ["e", "f"]) assert.deepEqual(is.items.get(id), unlearnt.items.get(id));
    assert.notDeepEqual(is.items.get("a"), unlearnt.items.get("a"));
    assert.deepEqual(is.others, old.others);
    assert.deepEqual(begun.config, fresh.config); // sizes are those of the model
    const { optimizer, epoch, history } = begun.state();
    assert.deepEqual([optimizer.step, epoch, history], [0, 0, []]);
    assert(
      optimizer.tensors.values().every(({ first, second }) => [...first, ...second].every((m) => m === 0)),
    );
    assert.deepEqual(warnings, []);
    assert.deepEqual(remarks, [
      "2 of 5 items are new to what was learnt, and start from scratch",
    ]);
    [learnt, begun, fresh].forEach((training) => training.dispose());
  }));

Deno.test("on the data that it learnt from a model goes on as it is: nothing is new, and it scores the same", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, BEFORE), { progress, warnings, remarks } = listener();
    const methods: [MethodName, object][] = [["sasrec", {}], ["automlp", { lengths: [2] }]];
    for (const [method, own] of methods) {
      const { hidden: _, ...sizes } = SIZES;
      const model = await train(method, dataset, { ...sizes, ...own, layers: 1 });
      const startFrom = { model, dataset }, training = { seed: 2, batchSize: 2, metric: "HR@1" } as const;
      const begun = await beginTraining(method, dataset, { ...training, startFrom, progress });
      const [was, is] = await Promise.all([model, begun.finish()].map((one) => evaluate(one, dataset)));
      assert.deepEqual(is.metrics, was.metrics);
      assert.deepEqual(begun.config, model.config);
      begun.dispose();
    }
    assert.deepEqual([warnings, remarks], [[], []]);
  }));

Deno.test("other sizes start from scratch, with a warning; another method, other data and half an argument are refused", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(`${folder}/data`, BEFORE), { progress, warnings } = listener();
    const other = await makeDataset(`${folder}/other`, { sequences: { ann: ["x", "y", "z", "x"] } });
    const model = await train("gru4rec", dataset, SIZES), startFrom = { model, dataset };
    const wider = await beginTraining("gru4rec", dataset, { startFrom, dim: 8, batchSize: 2, progress });
    const { dim, hidden } = wider.config;
    assert.deepEqual([dim, hidden], [8, 4]);
    assert.match(
      warnings.join(),
      /^These weights do not fit and start from scratch: items\.embedding, /,
    );
    wider.dispose();
    await refused(
      () => beginTraining("sasrec", dataset, { startFrom }),
      /^Cannot start SASRec from the model: that is a model of GRU4Rec$/,
    );
    await refused(
      () => beginTraining("gru4rec", other, { startFrom }),
      /^Cannot warm-start on the dataset .*: none of its items is in .*; train from scratch on it$/,
    );
    // The model with the dataset that it should learn from, in place of its own.
    await refused(
      () => beginTraining("gru4rec", other, { startFrom: { model, dataset: other } }),
      /^Cannot start from the model: it was trained on 4 items, the dataset has 3; give beside it the dataset that it was trained on/,
    );
    const sequences = { ann: ["q", "r", "s", "t"] };
    const strange = await makeDataset(`${folder}/strange`, { sequences });
    await refused(
      () => beginTraining("gru4rec", strange, { startFrom: { model, dataset: strange } }),
      /^Cannot start from the model: it was trained on .*data.*, which numbers other items; give beside it/,
    );
    await refused(
      () => beginTraining("gru4rec", other, { startFrom: { model } as unknown as typeof startFrom }),
      /^Cannot train: the option startFrom is another object; give a model and the dataset that it was trained on, /,
    );
  }));

Deno.test("what a model is to be judged by it may not have learnt from: that is counted, by user and item, and said", () =>
  inFolder(async (folder) => {
    const dataset = (name: string, sequences: Record<string, string[]>) =>
      makeDataset(`${folder}/${name}`, { sequences });
    const before = await dataset("before", {
      ann: ["a", "b", "c", "d"], // learnt: a, b
      bob: ["e", "f", "a", "b"], // learnt: e, f
      eve: ["a", "b", "c", "e"], // learnt: a, b
    });
    // A later dataset: ann's targets are new to her, eve's were held out before, and zoe is unknown.
    const later = await dataset("later", {
      ann: ["a", "b", "c", "d", "e", "f"],
      eve: ["a", "b", "c", "e"],
      zoe: ["a", "b", "c", "d"],
    });
    assert.deepEqual(await learntTargets(before, later), { targets: 4, learnt: 0 });
    // An earlier dataset: bob's targets were both learnt from; ann takes a again, which tells nothing.
    const earlier = await dataset("earlier", { ann: ["a", "c", "d", "a"], bob: ["a", "b", "e", "f"] });
    assert.deepEqual(await learntTargets(before, earlier), { targets: 4, learnt: 2 });
    assert.deepEqual(await learntTargets(before, before), { targets: 0, learnt: 0 });
    // Items are taken again: the second and third time that kim takes a are held out, and the model learnt from three.
    const played = await dataset("played", { kim: ["a", "b", "a", "a", "c", "d"] });
    const fewer = await dataset("fewer", { kim: ["a", "b", "a", "a"] });
    assert.deepEqual(await learntTargets(played, fewer), { targets: 2, learnt: 2 });
    const more = await dataset("more", { kim: ["a", "b", "a", "a", "c", "d", "a", "b"] });
    assert.deepEqual(await learntTargets(played, more), { targets: 2, learnt: 0 });

    const model = await train("gru4rec", before, SIZES), { progress, warnings } = listener();
    const begun = await beginTraining("gru4rec", earlier, {
      startFrom: { model, dataset: before },
      batchSize: 2,
      progress,
    });
    assert.match(
      warnings.join("\n"),
      /^2 of 4 validation and test interactions are among those that the model learnt from: figures will be better than they should; /,
    );
    begun.dispose();
  }));
