/** Trainings without held-out data: nothing is validated, and the last epoch is kept. */
import assert from "node:assert/strict";
import "../../../model/methods/registry.ts";
import { networkFor } from "../../../model/methods/automlp/method.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import { evaluate } from "../../../model/evaluate/evaluate.ts";
import { popularity } from "../../../model/methods/baselines.ts";
import { recommend } from "../../../model/recommend/recommend.ts";
import { trainingCounts } from "../../../model/popularity.ts";
import { Training } from "../../../model/train/training.ts";
import { withoutHoldOut } from "../../../pipeline/contract/dataset/without_hold_out.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";
import { OPTIONS, SIZES } from "./planted_training.ts";

const engine = await openEngine();

Deno.test("nothing held out: all targets are learnt, no epoch is validated, patience ends nothing, and the last weights are kept", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { distance: 3 }), all = withoutHoldOut(dataset);
    const config = networkFor(all, { ...SIZES, lengths: [4] });
    using training = new Training(engine, all, config, {
      ...OPTIONS,
      epochs: 3,
      patience: 1,
      protocol: "uniform",
    });
    assert.equal(training.steps.epoch, Math.ceil(all.targets("train").length / training.options.batchSize));
    assert.equal(all.targets("train").length, dataset.targets("train").length + 2 * dataset.users);
    await training.epoch();
    assert.equal(training.standing, undefined);
    training.step();
    const state = training.state();
    for await (const _epoch of training);
    assert.deepEqual(training.history.map(({ epoch, best, metrics }) => [epoch, best, metrics]), [
      [1, true, {}],
      [2, true, {}],
      [3, true, {}],
    ]);
    const model = training.finish(), text = String(training);
    assert.deepEqual(model.values(), training.best!.values());
    assert.doesNotMatch(text, /best|NDCG|NaN|–/);
    const display = training as unknown as Record<symbol, () => Promise<Record<string, string>>>;
    assert.match((await display[Symbol.for("Jupyter.display")]())["text/html"], /Training loss/);

    using again = new Training(engine, all, config, { ...OPTIONS, epochs: 3 });
    again.restore(state);
    for await (const _epoch of again);
    assert.deepEqual(again.finish().values(), model.values(), "stopped within an epoch");

    await assert.rejects(
      evaluate(model, dataset),
      /Cannot evaluate AutoMLP on .*: it has learnt from the test part/,
    );
    await assert.rejects(evaluate(await popularity.fit(dataset), all), /the test part is not held out of it/);
    const baseline = await popularity.fit(all);
    await assert.rejects(
      evaluate(baseline, dataset),
      /Cannot evaluate Popularity .*learnt from the test part/,
    );
    assert.equal((await recommend(model, dataset, { users: [dataset.userId(1)], k: 1 })).height, 1);
    assert.equal(trainingCounts(all).reduce((sum, n) => sum + n), dataset.manifest.counts.interactions);
  }));

Deno.test("nothing held out: a training goes on with all of its data, and its history begins again", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { distance: 3 }), all = withoutHoldOut(dataset);
    const config = networkFor(dataset, { ...SIZES, lengths: [4] });
    using training = new Training(engine, dataset, config, { ...OPTIONS, epochs: 1 });
    await training.epoch();
    using next = training.with({ dataset: all, epochs: 2 });
    assert.deepEqual([next.history.length, next.finished, next.bestEpoch], [0, 0, 0]);
    assert.deepEqual(next.values(), training.values());
    for await (const _epoch of next);
    assert.deepEqual(next.history.map(({ epoch }) => epoch), [1, 2]);
    using back = next.with({ dataset, epochs: 3 });
    assert.equal(
      back.history.length,
      0,
      "what was learnt from all cannot be compared with what is validated",
    );
  }));
