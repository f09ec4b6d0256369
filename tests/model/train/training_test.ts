import assert from "node:assert/strict";
import "../../../model/methods/registry.ts";
import { networkFor } from "../../../model/automlp/build.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import { evaluate } from "../../../model/evaluate/evaluate.ts";
import { type Exhaustive, exhaustiveSearch, type ExhaustiveState } from "../../../model/search/exhaustive.ts";
import { packTraining, unpackTraining } from "../../../model/train/checkpoint.ts";
import { LOSSES } from "../../../model/train/losses/registry.ts";
import type { TrainingOptions } from "../../../model/train/state.ts";
import { Training } from "../../../model/train/training.ts";
import { Interrupted } from "../../../pipeline/contract/errors.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";
import { recommenderContract } from "../recommender_contract.ts";

const engine = await openEngine();
const OPTIONS: TrainingOptions = {
  loss: "ce",
  trainNegatives: 5,
  trainDistribution: "uniform",
  rate: 5e-3,
  batchSize: 128,
  seed: 1,
  epochs: 4,
  patience: 3,
  metric: "HR@1",
  protocol: "recbole",
};
const SMALL = {
  length: 12,
  dim: 16,
  layers: 1,
  longLayers: 1,
  sequenceHidden: 16,
  channelHidden: 16,
  dropout: 0.05,
};

Deno.test("training: each loss learns what was planted", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { distance: 3 });
    for (const loss of LOSSES) {
      const config = networkFor(dataset, { ...SMALL, candidates: [4] });
      const before = engine.memory().tensors;
      const training = new Training(engine, dataset, config, {
        ...OPTIONS,
        loss,
        epochs: loss === "bce" ? 8 : 4,
      });
      const losses: number[] = [];
      for await (const epoch of training) losses.push(epoch.loss);
      assert(losses.at(-1)! < losses[0], `${loss}: ${losses}`);
      const model = training.finish();
      const { metrics } = await evaluate(model, dataset, { protocols: ["recbole"], ks: [1] });
      // 10 % of the items are random: nobody can do better than about .9.
      assert(metrics.recbole["HR@1"] > 0.7, `${loss}: HR@1 ${metrics.recbole["HR@1"]}`);
      model.refresh();
      training.dispose();
      assert.equal(engine.memory().tensors, before, "no tensor is left behind");
    }
  }));

Deno.test("training: from a saved state it continues to the same result, wherever it was cut", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 60 });
    const config = networkFor(dataset, { ...SMALL, candidates: [2] });
    const start = () => new Training(engine, dataset, config, { ...OPTIONS, epochs: 2 });
    const whole = start();
    for await (const _epoch of whole);
    for (const steps of [1, 5, 14]) {
      const first = start(), second = start();
      if (steps === 14) await first.epoch();
      for (let i = 0; i < steps % 14; i++) first.step();
      const { tensors, state } = packTraining(first.state());
      second.restore(unpackTraining({ tensors, state: JSON.parse(JSON.stringify(state)) }));
      for await (const _epoch of second);
      assert.deepEqual(second.values(), whole.values());
      assert.deepEqual(
        second.history.map(({ loss, metrics, best }) => ({ loss, metrics, best })),
        whole.history.map(({ loss, metrics, best }) => ({ loss, metrics, best })),
      );
      first.dispose();
      second.dispose();
    }
    const older = whole.state();
    older.optimizer.tensors.delete("long.0.sequence.gain");
    assert.throws(
      () => whole.restore(older),
      /^InputError: Cannot resume from the checkpoint: it is damaged, or of another network .* \(there is no tensor "long.0.sequence.gain" of shape 16\); remove it to begin again$/,
    );
    whole.dispose();
  }));

Deno.test("training: stops early, keeps the best epoch's weights, and can be stopped by a signal", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 60 });
    const config = networkFor(dataset, { ...SMALL, candidates: [2] });
    // A learning rate of zero: nothing ever improves after the first epoch.
    const idle = new Training(engine, dataset, config, { ...OPTIONS, epochs: 50, patience: 2 });
    idle.rate = 0;
    for await (const _epoch of idle);
    assert.deepEqual(idle.history.map(({ best }) => best), [true, false, false]);
    assert.equal(idle.bestEpoch, 1);
    idle.dispose();

    const controller = new AbortController();
    const stopped = new Training(engine, dataset, config, { ...OPTIONS, signal: controller.signal });
    stopped.step();
    controller.abort();
    await assert.rejects(stopped.epoch(), /Stopped while training, epoch 1; what was learnt so far is kept/);
    const { batch, epoch } = stopped.state();
    assert.deepEqual([epoch, batch], [0, 2], "it stands after the step in which it was stopped");
    stopped.dispose();

    const late = new Training(engine, dataset, config, { ...OPTIONS, deadline: performance.now() });
    for await (const _epoch of late);
    assert.deepEqual([late.done, late.history.length], [true, 1], "no time left: one step, then validation");
    late.dispose();
    const wild = new Training(engine, dataset, config, { ...OPTIONS, rate: 1e30 });
    assert.throws(() => {
      for (let i = 0; i < 10; i++) wild.step();
    }, /Training diverged: the loss is .*lower --rate/);
    wild.dispose();
  }));

Deno.test("training: along a cosine the steps grow smaller, and stopping does not change them", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 60 });
    const config = networkFor(dataset, { ...SMALL, candidates: [2] });
    const start = () => new Training(engine, dataset, config, { ...OPTIONS, schedule: "cosine", epochs: 2 });
    const whole = start(), first = start(), second = start();
    const moved: number[] = [];
    for (let i = 0; i < 20; i++) {
      const before = whole.values().get("output.bo")!;
      whole.step();
      const after = whole.values().get("output.bo")!;
      moved.push(Math.hypot(...after.map((value, i) => value - before[i])));
    }
    const mean = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
    assert(mean(moved.slice(-5)) < 0.5 * mean(moved.slice(0, 5)), `${moved}`);
    for (let i = 0; i < 7; i++) first.step();
    second.restore(first.state());
    for (let i = 0; i < 13; i++) second.step();
    assert.deepEqual(second.values(), whole.values());
    [whole, first, second].forEach((training) => training.dispose());
  }));

Deno.test("exhaustive search: one training a length; the best wins, and its training is whole", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { distance: 3, users: 120 });
    const config = networkFor(dataset, { ...SMALL, longLayers: 0, candidates: [1, 4] });
    const { architecture, trials, winner } = await exhaustiveSearch(engine, dataset, config, {
      ...OPTIONS,
      epochs: 2,
    });
    assert.equal(architecture.shortTermLength, 4);
    assert.deepEqual(trials.map(({ shortTermLength, epochs }) => [shortTermLength, epochs]), [[1, 2], [
      4,
      2,
    ]]);
    assert.equal(winner.history.length, 2);
  }));

Deno.test("exhaustive search: stopped in any trial it continues to the same end", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { distance: 2, users: 60 });
    const config = networkFor(dataset, { ...SMALL, longLayers: 0, candidates: [1, 2, 4] });
    const options = { ...OPTIONS, epochs: 2 };
    const untimed = ({ trials, winner }: Exhaustive) => ({
      trials: trials.map((trial) => ({ ...trial, seconds: 0 })),
      winner: winner.optimizer,
    });
    const whole = untimed(await exhaustiveSearch(engine, dataset, config, options));
    for (const stopAfter of [1, 2, 3, 5]) {
      const stop = new AbortController();
      let from: ExhaustiveState | undefined, told = 0;
      const onState = (state: ExhaustiveState) => {
        from = { ...state, trials: [...state.trials] };
        if (++told === stopAfter) stop.abort();
      };
      const stopped = exhaustiveSearch(engine, dataset, config, { ...options, signal: stop.signal }, {
        onState,
      });
      await assert.rejects(stopped, Interrupted);
      assert.deepEqual(untimed(await exhaustiveSearch(engine, dataset, config, options, { from })), whole);
    }
  }));

const contractDir = Deno.makeTempDirSync();
const contractData = await plantedDataset(contractDir, { users: 40 });
addEventListener("unload", () => Deno.removeSync(contractDir, { recursive: true }));
recommenderContract("AutoMLP", () => {
  const config = networkFor(contractData, { ...SMALL, candidates: [3] });
  const training = new Training(engine, contractData, config, OPTIONS);
  training.step();
  return Promise.resolve(training.recommender());
}, { users: 40, tolerance: 1e-4 });
