import assert from "node:assert/strict";
import { ownOf } from "../../../model/views/results.ts";
import { warningTexts } from "../../../model/views/epochs.ts";
import { join } from "node:path";
import { evaluate } from "../../../model/evaluate/evaluate.ts";
import { runJob } from "../../../model/experiment/job.ts";
import { repeatsRemark } from "../../../model/experiment/remarks.ts";
import { loadModel, saveModel } from "../../../model/methods/store.ts";
import { train } from "../../../model/methods/train.ts";
import { forDataset } from "../../../model/recommend/other_dataset.ts";
import { recommend } from "../../../model/recommend/recommend.ts";
import type { Recommender } from "../../../model/recommender.ts";
import { readRanks } from "../../../model/report/runs.ts";
import { ensemble } from "../../../model/train/ensemble_of_models.ts";
import { AutoMLP } from "../../../model/whole_job/estimator.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";

const OPTIONS = {
  length: 6,
  dim: 4,
  layers: 1,
  longLayers: 0,
  sequenceHidden: 4,
  search: "none" as const,
  short: 2,
  epochs: 1,
  ks: [3],
  metric: "HR@3" as const,
};

Deno.test("a run ranks and recommends what was seen where it was begun so, and else remarks on many repeats", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 30 }); // 30 interactions with few items: most are repeats
    for (const keepSeen of [false, true]) {
      const out = join(dir, `run-${keepSeen}`);
      const { run } = await runJob(dataset, { ...OPTIONS, keepSeen }, { out, seed: 1 });
      const metrics = run.read("metrics")!;
      assert.deepEqual(
        Object.keys(metrics.methods).slice(1),
        ["Popularity", ...(keepSeen ? ["Personal popularity"] : []), "Item-kNN", "Markov"],
      );
      const { model, dispose } = await loadModel(run, dataset);
      const again = await evaluate(model, dataset, {
        protocols: ["full"],
        ks: [3],
        keepSeen,
        logitAdjustment: ownOf(metrics).logitAdjustment,
      });
      dispose();
      assert.equal(ownOf(metrics).metrics.test.full["HR@3"], again.metrics.full["HR@3"]);
      assert.equal(readRanks(run).keepSeen, keepSeen);
      assert.equal(
        warningTexts(run.readRun()!).some((text) =>
          /% of the training targets are items that the user had/.test(text)
        ),
        !keepSeen,
      );
      const report = Deno.readTextFileSync(join(out, "report.html"));
      assert.match(report, /target ranked against all items/);
      assert.equal(/against all items but those that the user had before/.test(report), !keepSeen);
    }
  }));

Deno.test("what was fitted to recommend what was seen does so, unless it is told otherwise", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 30 }), user = dataset.userId(1);
    const { ks: _, ...options } = OPTIONS;
    const model = await new AutoMLP({ ...options, keepSeen: true }).fit(dataset, { out: join(dir, "run") });
    const { items } = dataset, seen = new Set(dataset.sequences().items.subarray(0, 30)).size;
    for (const options of [{}, { keepSeen: undefined }]) {
      assert.equal((await model.recommend({ users: [user], k: items, ...options })).height, items);
    }
    assert.equal((await model.recommend({ users: [user], k: items, keepSeen: false })).height, items - seen);
    model.dispose();
  }));

Deno.test("a model keeps to what it was trained for: fresh, loaded, saved, in an ensemble, and on other data", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 30 }), user = dataset.userId(1), { items } = dataset;
    const seen = new Set(dataset.sequences().items.subarray(0, 30)).size;
    const listed = async (model: Recommender) =>
      (await recommend(model, dataset, { users: user, k: items })).height;
    for (const keepSeen of [true, false]) {
      const settings = { lengths: [2], dim: 4, length: 6, epochs: 1, seed: 1, keepSeen };
      using fresh = await train("automlp", dataset, settings);
      const folder = join(dir, `saved-${keepSeen}`);
      await saveModel(folder, fresh, { dataset, seed: 1 });
      using saved = (await loadModel(folder, dataset)).model;
      const { run } = await runJob(dataset, { ...OPTIONS, keepSeen }, { out: join(dir, `job-${keepSeen}`) });
      using loaded = (await loadModel(run, dataset)).model;
      const all = [fresh, saved, loaded, ensemble([fresh, saved]), forDataset(saved, dataset, dataset)];
      for (const model of all) {
        assert.equal(await listed(model), keepSeen ? items : items - seen);
        const { keepSeen: ranks } = await evaluate(model, dataset, {
          protocols: ["full"],
          logitAdjustment: 0,
        });
        assert.equal(ranks, keepSeen);
      }
    }
  }));

Deno.test("from a quarter of repeats on there is a remark", () => {
  assert.equal(repeatsRemark(0.2), undefined);
  assert.match(
    repeatsRemark(0.61)!,
    /^61 % of the training targets are items that the user had before: .*; a run that is begun with --keep-seen ranks/,
  );
});
