/** A job of several networks whose scores are averaged. */
import assert from "node:assert/strict";
import { ownOf } from "../../../model/views/results.ts";
import { join } from "node:path";
import {
  AutoMLP,
  compareRuns,
  exportModel,
  loadModel,
  recommend,
  refit,
  reportText,
  RunFolder,
  runJob,
} from "../../../mod.ts";
import { headlineOf } from "../../../model/views/report.ts";
import { withFolder } from "../../folders.ts";
import { PLANTED_SIZES, plantedDataset } from "../planted.ts";
import { refused, weightsOf } from "../support.ts";

const SIZES = {
  ...PLANTED_SIZES,
  batchSize: 64,
  rate: 0.02,
  metric: "HR@1",
  ks: [1],
  keepSeen: true,
} as const;

Deno.test("an ensemble: an exhaustive search trains each candidate as so many networks, and the winner is the model", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 60 }), out = join(dir, "run"), seed = 1;
    const job = { ...SIZES, search: "exhaustive", epochs: 1, ensemble: 2 } as const;
    const { run } = await runJob(dataset, job, { out, seed });
    const { config } = run.readModelConfig()!, { shortTermLength } = run.read("architecture")!;
    assert.equal(config.ensemble, 2);
    const { lengths: _all, ...given } = SIZES;
    const alone = { ...given, search: "none", short: shortTermLength, epochs: 1, ensemble: 2 } as const;
    await runJob(dataset, alone, { out: join(dir, "alone"), seed });
    assert.deepEqual(await weightsOf(run.path), await weightsOf(join(dir, "alone")));
  }));

Deno.test("an ensemble: one search, several trainings, and then a run like any other", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 60 }), at = (name: string) => join(dir, name);
    const job = { ...SIZES, searchEpochs: 1, epochs: 2, ensemble: 2 } as const;
    const { run, facts } = await runJob(dataset, job, { out: at("run"), seed: 1 });
    const alone = await runJob(dataset, { ...SIZES, searchEpochs: 1, epochs: 2 }, {
      out: at("alone"),
      seed: 1,
    });
    assert.deepEqual(
      run.read("architecture"),
      alone.run.read("architecture"),
      "the search is that of one network",
    );
    assert.equal(run.readRun()!.parameters, 2 * alone.run.readRun()!.parameters!);
    const { config } = run.readModelConfig()!;
    assert.equal(config.ensemble, 2);
    assert.match(
      reportText(facts),
      /^2 networks, each trained by itself, whose scores are averaged\. 2 epochs/m,
    );
    assert.match(String(run), /^networks +2$/m);
    assert.doesNotMatch(reportText(alone.facts) + alone.run, /\d networks|^networks/m);
    const headline = (of: typeof facts) => headlineOf(of).find(({ label }) => label === "networks")?.value;
    assert.deepEqual([headline(facts), headline(alone.facts)], ["2", undefined]);
    assert(ownOf(run.read("metrics")!).metrics.test.full["HR@1"] > 0);
    assert.deepEqual(compareRuns([run, alone.run], { metric: "HR@1" }).remarks, [
      `${run.path}: 2 networks, whose scores are averaged`,
    ]);

    // It resumes with the same number of networks; with another number it would be another run.
    const before = await weightsOf(run.path);
    await runJob(dataset, { ...job, epochs: 3, resume: true }, { out: run.path, seed: 1 });
    assert.notDeepEqual(await weightsOf(run.path), before);
    await refused(
      () => runJob(dataset, { ...job, ensemble: 3, resume: true }, { out: run.path, seed: 1 }),
      /it was begun with other options \(ensemble: 2, now 3\)/,
    );
    await refused(
      () => runJob(dataset, { ...job, ensemble: 2, resume: true }, { out: alone.run.path, seed: 1 }),
      /it was begun with other options \(ensemble: 1, now 2\)/,
    );
    const { run: next } = await runJob(dataset, { startFrom: run.path, epochs: 1 }, { out: at("next") });
    assert.equal(next.readRun()!.config.training.ensemble, 2);
    const { run: serving } = await refit(run, { out: at("serve"), epochs: 1 });
    assert.equal(serving.readRun()!.config.training.ensemble, 2);

    using loaded = await loadModel(serving, dataset);
    assert.equal((await recommend(loaded.model, dataset, { users: [dataset.userId(1)], k: 2 })).height, 2);
    await exportModel(loaded.model, dataset, { to: "onnx", out: at("onnx") });
    assert.match(
      Deno.readTextFileSync(at("onnx/README.md")),
      /2 networks with their weights, whose scores are averaged/,
    );
    using automlp = await AutoMLP.load(run.path);
    assert.equal((await automlp.recommend({ users: [dataset.userId(1)], k: 1 })).height, 1);
    assert.equal(RunFolder.open(at("next")).readRun()!.status, "done");

    await refused(
      () => runJob(dataset, { ...job, warmStart: true }, { out: at("warm") }),
      /begins training with the weights of one search: it goes with one network, not with ensemble: 2/,
    );
    await refused(
      () => runJob(dataset, { ...job, ensemble: 0 }, { out: at("none") }),
      /ensemble/,
    );
  }));
