import assert from "node:assert/strict";
import "../../../model/methods/registry.ts";
import { networkFor } from "../../../model/methods/automlp/method.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import { evaluate } from "../../../model/evaluate/evaluate.ts";
import { train } from "../../../model/methods/train.ts";
import type { TrainingOptions } from "../../../model/train/options.ts";
import { LOSSES } from "../../../model/train/losses/registry.ts";
import { Training } from "../../../model/train/training.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";
import { OPTIONS, SIZES } from "./planted_training.ts";

const engine = await openEngine();

/**
 * Networks begin by predicting what follows any of the last items, which is a good answer against randomly drawn negatives: these losses
 * need longer than the others' four epochs to leave it.
 */
const LONGER: Record<string, Partial<TrainingOptions>> = {
  bce: { epochs: 14 },
  bpr: { epochs: 8, rate: 0.02 },
};

Deno.test("training: each loss learns what was planted", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { distance: 3 });
    for (const loss of LOSSES) {
      const config = networkFor(dataset, { ...SIZES, lengths: [4] });
      const before = engine.memory().tensors;
      const training = new Training(engine, dataset, config, {
        ...OPTIONS,
        loss,
        ...LONGER[loss],
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

Deno.test("training: with targets that share histories it learns what was planted, and goes on with each by itself", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { distance: 3 });
    const config = networkFor(dataset, { ...SIZES, lengths: [4], targetsPerHistory: 8 });
    const sharing = new Training(engine, dataset, config, { ...OPTIONS, epochs: 6 });
    // 27 targets of each user are in four groups, and a batch of 128 targets is one of 16 groups.
    assert.equal(sharing.steps.epoch, Math.ceil(dataset.users * 4 / 16));
    for (let epoch = 0; epoch < 4; epoch++) await sharing.epoch();
    sharing.step();
    assert(sharing.history[3].metrics["HR@1"] > 0.7);
    const alone = sharing.with({ network: { targetsPerHistory: 1 } });
    assert.equal(alone.steps.epoch, Math.ceil(dataset.users * 27 / 128));
    // The weights are those of the same network; the fifth epoch begins anew.
    assert.deepEqual(alone.values(), sharing.values());
    assert.deepEqual(alone.history, sharing.history);
    assert.deepEqual([alone.bestEpoch, alone.steps.done], [sharing.bestEpoch, 4 * alone.steps.epoch]);
    assert.equal((await alone.epoch())!.epoch, 5);
    // An epoch that is resumed counts what was done before in the same unit as the rest, here groups.
    const counted: [total: number | undefined, done: number][] = [];
    const resumed = new Training(engine, dataset, config, {
      ...OPTIONS,
      epochs: 6,
      progress: {
        start: (_label, total) => {
          const place = counted.push([total, 0]) - 1;
          return { advance: (n) => counted[place][1] += n!, end() {} };
        },
        warn() {},
      },
    });
    resumed.restore(sharing.state());
    await resumed.epoch();
    assert.deepEqual(counted[0], [dataset.users * 4, dataset.users * 4]);
    for (const training of [sharing, alone, resumed]) training.dispose();
  }));

Deno.test("training: stops early, and keeps the best epoch's weights", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 60 });
    const config = networkFor(dataset, { ...SIZES, lengths: [2] });
    // A learning rate of zero: nothing ever improves after the first epoch.
    const idle = new Training(engine, dataset, config, { ...OPTIONS, epochs: 50, patience: 2 });
    idle.rate = 0;
    for await (const _epoch of idle);
    assert.deepEqual(idle.history.map(({ best }) => best), [true, false, false]);
    assert.equal(idle.bestEpoch, 1);
    idle.dispose();
  }));

Deno.test("training: validates as evaluation does, with the items of the history in the ranking or without", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 60 });
    const config = networkFor(dataset, { ...SIZES, lengths: [2] });
    const values: number[] = [];
    for (const keepSeen of [false, true]) {
      const own = { protocol: "full" as const, metric: "NDCG@10" as const, epochs: 1, keepSeen };
      const training = new Training(engine, dataset, config, { ...OPTIONS, ...own });
      const { metrics: validated } = await training.epoch() as { metrics: Record<string, number> };
      const same = {
        split: "validation",
        protocols: ["full"],
        ks: [10],
        keepSeen,
        logitAdjustment: 0,
      } as const;
      const { metrics } = await evaluate(training.finish(), dataset, same);
      assert.equal(validated["NDCG@10"], metrics.full["NDCG@10"]);
      values.push(validated["NDCG@10"]);
      training.dispose();
    }
    assert.notEqual(values[0], values[1]);
  }));

Deno.test("training: stopped by a signal, it is after its step", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 60 });
    const config = networkFor(dataset, { ...SIZES, lengths: [2] });
    const controller = new AbortController();
    const stopped = new Training(engine, dataset, config, { ...OPTIONS, signal: controller.signal });
    stopped.step();
    controller.abort();
    await assert.rejects(stopped.epoch(), {
      name: "Interrupted",
      message: `Stopped while training, epoch 1 (${
        Math.round(100 * 2 / stopped.steps.epoch)
      } % of it); what was learnt so far is kept`,
      goesOn: "run the training again",
    });
    const { batch, epoch } = stopped.state();
    assert.deepEqual([epoch, batch], [0, 2], "it is after the step in which it was stopped");
    stopped.options.signal = undefined;
    assert.equal((await stopped.epoch())!.epoch, 1, "with another signal it goes on");
    stopped.dispose();
  }));

Deno.test("a training in one call that is stopped says that nothing of it is kept", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 60 });
    const signal = AbortSignal.abort();
    await assert.rejects(
      train("automlp", dataset, { ...SIZES, lengths: [2], epochs: 1, signal }, engine),
      {
        name: "Interrupted",
        message: /^Stopped while training automlp, and nothing is kept: use beginTraining/,
        goesOn: undefined,
      },
    );
  }));

Deno.test("training: without time it takes one step, and validates", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 60 });
    const config = networkFor(dataset, { ...SIZES, lengths: [2] });
    const late = new Training(engine, dataset, config, { ...OPTIONS, deadline: performance.now() });
    for await (const _epoch of late);
    assert.deepEqual([late.done, late.history.length], [true, 1], "no time left: one step, then validation");
    late.dispose();
  }));

Deno.test("training: what diverges is one line", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 60 });
    const config = networkFor(dataset, { ...SIZES, lengths: [2] });
    const wild = new Training(engine, dataset, config, { ...OPTIONS, rate: 1e30, batchSize: 1e6 });
    wild.step(); // an epoch is one step; the loss of the first is finite
    assert.throws(() => wild.step(), /Training diverged: the loss is .* in epoch 2; lower rate/);
    wild.dispose();
  }));

Deno.test("training: a metric in small letters is monitored under its own name", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { distance: 3 });
    const config = networkFor(dataset, { ...SIZES, lengths: [4] });
    const training = new Training(engine, dataset, config, { ...OPTIONS, metric: "mrr@5" as "MRR@5" });
    const { metrics, best } = (await training.epoch())!;
    training.dispose();
    assert(metrics["MRR@5"] > 0 && best);
    assert.equal(training.options.metric, "MRR@5");
  }));

Deno.test("training: no negatives are refused with losses that compare with them", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 30 });
    const config = networkFor(dataset, { ...SIZES, lengths: [2] });
    const begin = (loss: TrainingOptions["loss"]) =>
      new Training(engine, dataset, config, { ...OPTIONS, loss, trainNegatives: 0 });
    for (const loss of LOSSES.filter((loss) => loss !== "ce")) {
      assert.throws(() => begin(loss), {
        name: "InputError",
        message:
          `Cannot train: option trainNegatives: the loss ${loss} compares with negatives; give 1 or more`,
      });
    }
    begin("ce").dispose();
  }));

Deno.test("training: an option that there is not is refused, whatever its name", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 30 });
    const config = networkFor(dataset, { ...SIZES, lengths: [2] });
    for (const name of ["epoch", "constructor", "toString"]) {
      assert.throws(() => new Training(engine, dataset, config, { ...OPTIONS, [name]: 1 }), {
        name: "InputError",
        message: new RegExp(`^Cannot train: there is no option ${name}`),
      });
    }
  }));
