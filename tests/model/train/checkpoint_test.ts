/** Damaged or forged checkpoints are refused in one line that names them. */
import "../../../model/methods/registry.ts";
import assert from "node:assert/strict";
import { networkFor } from "../../../model/methods/automlp/method.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import type { Checkpoint } from "../../../model/records/checkpoint.ts";
import { exhaustiveSearch } from "../../../model/search/exhaustive.ts";
import { packSearch, packTrial, unpackSearch, unpackTrial } from "../../../model/search/checkpoint.ts";
import { Search } from "../../../model/search/search.ts";
import { packTraining, unpackTraining } from "../../../model/train/checkpoint.ts";
import { Training } from "../../../model/train/training.ts";
import { inFolder, makeDataset } from "../../pipeline/export/dataset.ts";

const engine = await openEngine();
const SIZES = { length: 6, dim: 4, layers: 1, longLayers: 0, sequenceHidden: 4, channelHidden: 4 };
const OPTIONS = { batchSize: 8, seed: 1, epochs: 3, metric: "HR@1" as const, protocol: "full" as const };
const sketch = {
  sequences: Object.fromEntries(
    Array.from("abcdef", (user, u) => [user, Array.from({ length: 8 }, (_, n) => `${(u + n) % 5}`)]),
  ),
};
const FROM = "run/checkpoint/x.safetensors";

/** A change to the state of a checkpoint. */
type Edit = (
  state: Record<string, unknown>,
  tensors: Map<string, { shape: number[]; values: Float32Array }>,
) => void;

/** The changed checkpoint, as it would be read from a file. */
function edited({ state, tensors }: Checkpoint, edit: Edit): Checkpoint {
  const copy = JSON.parse(JSON.stringify(state)), own = new Map(tensors);
  edit(copy, own);
  return { state: copy, tensors: own };
}

const set = (key: string, value: unknown): Edit => (state) => state[key] = value;
const tensor = (name: string, change: (values: Float32Array) => Float32Array): Edit => (_, tensors) => {
  const { shape, values } = tensors.get(name)!;
  tensors.set(name, { shape, values: change(values) });
};

const refused = (work: () => unknown, message: RegExp, what: string) =>
  assert.throws(work, (error: Error) => {
    assert.equal(error.name, "InputError", `${what}: ${Deno.inspect(error)}`);
    assert(error.message.startsWith(`Cannot resume from ${FROM}: it is damaged`), error.message);
    assert(
      error.message.endsWith("; remove it to begin again") && !error.message.includes("\n"),
      error.message,
    );
    assert.match(error.message, message);
    return true;
  });

const TRAINING: [edit: Edit, message: RegExp][] = [
  [set("epoch", -1), /\(epoch: /],
  [set("epoch", 1e9), /\(epoch: /],
  [set("batch", 4), /\(batch 4 of 4\)/],
  [set("bestEpoch", 2), /\(bestEpoch: epoch 2 is not in the history\)/],
  [set("bestEpoch", 0), /\(bestEpoch: 0, but there is a best epoch\)/],
  [(state) => (state.history as { loss: unknown }[])[0].loss = "low", /\(history.0.loss: must be a number\)/],
  [
    (state) => (state.history as { epoch: unknown }[])[0].epoch = 7,
    /\(history: its epochs are not in order up to 2\)/,
  ],
  [(state) => (state.history as { metrics: unknown }[])[0].metrics = {}, /\(epoch 1 has no HR@1\)/],
  ...["first", "second", "average", "best"].map((kind): [Edit, RegExp] => [
    (_, tensors) => tensors.delete(`${kind}/output.bo`),
    new RegExp(`\\("${kind}/output.bo" is not there, or not like its values\\)`),
  ]),
  [(_, tensors) => tensors.set("more", tensors.get("best/output.bo")!), /\(it has a tensor "more"\)/],
  [
    (_, tensors) =>
      ["values", "first", "second", "average", "best"].forEach((kind) => tensors.delete(`${kind}/output.bo`)),
    /, or of another network or version of automlp \(there is no tensor "output.bo" of shape 4\)/,
  ],
  [
    tensor("values/output.wo", (values) => values.with(3, NaN)),
    /\(not all of "values\/output.wo" are finite numbers\)/,
  ],
  [
    tensor("second/output.wo", (values) => values.with(3, -1)),
    /\(a square in "second\/output.wo" is negative\)/,
  ],
];

Deno.test("a training's checkpoint: what no training can have left is refused, and nothing is changed by it", () =>
  inFolder(async (dir) => {
    const dataset = await makeDataset(dir, sketch);
    const training = new Training(
      engine,
      dataset,
      networkFor(dataset, { ...SIZES, lengths: [2] }),
      OPTIONS,
    );
    assert.equal(unpackTraining(packTraining(training.state()), FROM).best, undefined);
    await training.epoch();
    training.step();
    const good = packTraining(training.state()), before = training.state();
    training.restore(unpackTraining(edited(good, () => {}), FROM), FROM);
    for (const [edit, message] of TRAINING) {
      const bad = edited(good, edit);
      refused(() => training.restore(unpackTraining(bad, FROM), FROM), message, edit.toString());
    }
    for (const state of [null, 3, "x", []]) {
      refused(() => unpackTraining({ ...good, state }, FROM), /\(state: /, String(state));
    }
    assert.deepEqual(training.state(), before);
    training.dispose();
  }));

const SEARCH: [edit: Edit, message: RegExp][] = [
  [set("train", [0, 0.5]), /\(train/],
  [set("validation", [0, 1e6]), /\(batch 1000000 of \d\)/],
  [set("alpha", { step: 0, values: [0], first: [0], second: [0] }), /\(history.0: it has not 1 candidates\)/],
  [
    set("alpha", { step: 0, values: [0, 0], first: [0], second: [0, 0] }),
    /\(alpha: its moments are not as many as its/,
  ],
  [
    set("calibration", { step: 0, values: [], first: [], second: [] }),
    /\(calibration: it is not one number\)/,
  ],
  [set("comparison", { judgements: [], dropped: [], worse: [2] }), /\(comparison: it is not one of 2/],
  [
    (_, tensors) => tensors.set("best/output.bo", tensors.get("values/output.bo")!),
    /\(a search has no best epoch\)/,
  ],
  [(_, tensors) => tensors.delete("first/output.bo"), /\("first\/output.bo" is not there/],
];

Deno.test("a search's checkpoint: what no search can have left is refused, and nothing is changed by it", () =>
  inFolder(async (dir) => {
    const dataset = await makeDataset(dir, sketch);
    const search = new Search(engine, dataset, networkFor(dataset, { ...SIZES, lengths: [2, 3] }), {
      batchSize: 8,
      seed: 1,
      epochs: 2,
      warmup: 0,
      every: 1,
    });
    search.step();
    search.step();
    const good = packSearch(search.state()), before = search.state();
    search.restore(unpackSearch(edited(good, () => {}), FROM), FROM);
    for (const [edit, message] of SEARCH) {
      const bad = edited(good, edit);
      refused(() => search.restore(unpackSearch(bad, FROM), FROM), message, edit.toString());
    }
    assert.deepEqual(search.state(), before);
    search.dispose();
  }));

Deno.test("an exhaustive search's checkpoints: the place of the candidate, the trials and their winner", () =>
  inFolder(async (dir) => {
    const dataset = await makeDataset(dir, sketch);
    const config = networkFor(dataset, { ...SIZES, lengths: [1, 2, 3] }),
      options = { ...OPTIONS, epochs: 1 };
    const { trials, winner, architecture } = await exhaustiveSearch(engine, dataset, config, options);
    const good = packTrial(2, winner);
    assert.deepEqual(unpackTrial(edited(good, () => {})).trial, 2);
    for (const trial of [-1, 0.5, "x", undefined]) {
      refused(() => unpackTrial(edited(good, set("trial", trial)), FROM), /\(trial: /, String(trial));
    }
    const from = (change: object) =>
      exhaustiveSearch(engine, dataset, config, options, { from: { trials, winner, ...change } });
    await from({});
    await assert.rejects(from({ trials: trials.toReversed() }), {
      name: "InputError",
      message:
        "Cannot resume trials of the lengths 3, 2, 1: the candidates are 1, 2, 3; remove the trials to search again",
    });
    await assert.rejects(
      from({ winner: undefined }),
      /^InputError: Cannot resume the trials: the training that was kept/,
    );
    const k = architecture.shortTermLength;
    const lost = trials.map((trial) => ({ ...trial, value: trial.shortTermLength === k ? -1 : 0 }));
    await assert.rejects(from({ trials: lost }), /^InputError: Cannot resume the trials: /);
  }));
