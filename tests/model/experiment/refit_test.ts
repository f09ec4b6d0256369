/** The last training of a model before it goes into service: on all of the data. */
import assert from "node:assert/strict";
import { warningText } from "../../../model/views/epochs.ts";
import { join } from "node:path";
import {
  AutoMLP,
  compareRuns,
  evaluate,
  Interrupted,
  loadModel,
  recommend,
  refit,
  reportText,
  RunFolder,
  runJob,
  saveModel,
  withoutHoldOut,
} from "../../../mod.ts";
import { readTrained } from "../../../model/methods/store.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import { unfinishedTraining } from "../../../model/runs/unfinished.ts";
import { Training } from "../../../model/train/training.ts";
import { presentJob } from "../../../model/experiment/present.ts";
import { otherRunPath, otherRuns } from "../../../model/runs/others.ts";
import { withFolder } from "../../folders.ts";
import { listener } from "../../listener.ts";
import { PLANTED_SIZES, plantedDataset } from "../planted.ts";
import { refused, weightsOf } from "../support.ts";

const TRAINING = {
  batchSize: 32,
  rate: 0.02,
  averaging: 0,
  metric: "HR@1",
  ks: [1],
  keepSeen: true,
} as const;
const GRU4REC = { method: "gru4rec", dim: 8, hidden: 8, length: 12, ...TRAINING, epochs: 3 } as const;
/** The item that all users took last, and nobody before. */
const NEW = 7;

Deno.test("refit: it knows what everybody took last, which the run had held out; the run stays as it is", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 60 }, NEW);
    const { run } = await runJob(dataset, GRU4REC, { out: join(dir, "run"), seed: 3 });
    const before = await weightsOf(run.path), record = run.readRun();
    const { run: all, facts } = await refit(run, {
      ...{ out: join(dir, "serve"), holdOut: "none", epochs: 12 },
    });
    assert.deepEqual([await weightsOf(run.path), run.readRun()], [before, record]);

    const share = async (of: RunFolder) => {
      using loaded = await loadModel(of, dataset);
      const first = await recommend(loaded.model, dataset, { k: 1, keepSeen: true });
      return first.getColumn("item").toArray().filter((item) => item === `${NEW}`).length / dataset.users;
    };
    const [without, withIt] = [await share(run), await share(all)];
    assert(without < 0.1 && withIt > 0.5, `${without}, then ${withIt}`);

    const { config: { method, training, refit: made }, seed, status } = all.readRun()!;
    assert.deepEqual(
      [training.trainOn, made!.of, training.epochs, training.rate, seed, method, status],
      ["all", run.path, 12, 0.02, 3, "gru4rec", "done"],
    );
    assert.deepEqual(all.read("trainHistory").map(({ metrics }) => metrics), Array(12).fill({}));
    assert.equal(all.read("metrics"), undefined);
    assert.equal(all.readModelConfig()!.trainedOn, "all");
    assert.throws(
      () => compareRuns([run, all]),
      /^InputError: Cannot compare the run .*serve: it has learnt from all of its data, .*; compare .*run$/,
    );
    assert.match(
      reportText(facts),
      /trained anew on all interactions, those of validation and test among them/,
    );
    assert.doesNotMatch(reportText(facts), /NaN|undefined|best/);
    const page = Deno.readTextFileSync(all.reportPath);
    assert.match(page, /Nothing is held out: all 1,800 interactions are learnt/);
    assert.match(page, /the figures of [^<]*run say how good it is/);
    assert.doesNotMatch(page, /NaN|undefined|HR@1,/);
  }));

Deno.test("refit: the same as a training of the same options on all of the data, for as many epochs as were best; stopped, it goes on", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 40 }), at = (name: string) => join(dir, name);
    const { run } = await runJob(dataset, GRU4REC, { out: at("run"), seed: 3 });
    const { run: all } = await refit(run.path, { out: at("serve") });
    const { epochs } = all.readRun()!.config.training,
      best = run.read("trainHistory").findLast(({ best }) => best)!;
    assert.equal(epochs, best.epoch);
    const { config, values } = await readTrained(all, dataset);
    using training = new Training(await openEngine(), withoutHoldOut(dataset), config, {
      batchSize: 32,
      rate: 0.02,
      averaging: 0,
      seed: 3,
      epochs: best.epoch,
    });
    assert.deepEqual((await training.run()).values(), values());

    const stop = new AbortController();
    let advanced = 0;
    const task = { advance: () => void (++advanced > 5 && stop.abort()), end() {} };
    const progress = { start: () => task, warn() {} };
    await assert.rejects(refit(run, { out: at("cut"), signal: stop.signal, progress }), (error: Error) => {
      assert(error instanceof Interrupted, error.message);
      assert.equal(error.goesOn, "call refit again with resume: true");
      return true;
    });
    assert(RunFolder.open(at("cut")).read("trainHistory").length < best.epoch);
    assert.match(
      warningText(unfinishedTraining(RunFolder.open(at("cut")))!),
      /^Training has not come to its end \(.*\): the model is that of epoch \d+; to resume: deno task retrain /,
    );
    const resumed = await refit(run, { out: at("cut"), resume: true });
    assert.deepEqual(await weightsOf(resumed.run.path), await weightsOf(all.path));
    await refused(() => refit(run, { out: at("cut") }), /There is a run in .*cut already/);
  }));

Deno.test("refit: of AutoMLP the selected network, which is not searched again; and no figures are made of it", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 40 }), at = (name: string) => join(dir, name);
    const { run } = await runJob(dataset, {
      ...PLANTED_SIZES,
      ...TRAINING,
      searchEpochs: 1,
      epochs: 2,
    }, { out: at("run"), seed: 1 });
    const { run: all } = await refit(run, { out: at("serve") });
    const { shortTermLength } = run.read("architecture")!;
    const network = all.readModelConfig()!.config as unknown as Record<string, unknown>;
    assert.deepEqual(network.lengths, [shortTermLength]);
    assert.equal(all.read("searchHistory").length, 0);

    using model = await AutoMLP.load(all.path);
    await refused(() => model.evaluate(), /it has learnt from the test part/);
    assert.equal((await model.recommend({ users: [dataset.userId(1)], k: 1 })).height, 1);
    using loaded = await loadModel(all, dataset);
    await refused(
      () => evaluate(loaded.model, dataset),
      /Cannot evaluate AutoMLP on .*learnt from the test part/,
    );
    await saveModel(at("model"), loaded.model, { dataset, seed: 1 });
    using again = await loadModel(at("model"), dataset);
    await refused(() => evaluate(again.model, dataset), /learnt from the test part/);

    await refused(() => refit(all, { out: at("more") }), /Cannot refit .*serve: it is a refit itself/);
    await refused(
      () => runJob(dataset, { ...PLANTED_SIZES, resume: true }, { out: all.path }),
      /begun with other options|refit/,
    );
    // A run that starts from it would be tested on data that it learnt from.
    const { progress, warnings } = listener();
    const { run: started } = await runJob(dataset, { startFrom: all.path, epochs: 1 }, {
      out: at("started"),
      progress,
    });
    assert.match(
      warnings.join("\n"),
      /80 of 80 validation and test interactions are among those that .* learnt from/,
    );
    assert.equal(started.readRun()!.config.training.trainOn, undefined);
  }));

Deno.test("refit: of a method that lies in a run; the refit beside it is not compared with the others", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 40 }), out = join(dir, "run"), seed = 1;
    const job = { ...GRU4REC, epochs: 1 } as const, folder = otherRunPath(out, "gru4rec");
    await runJob(dataset, { ...job, until: "retrain" }, { out, seed });
    const { run: inner } = await runJob(dataset, { ...job, until: "retrain" }, { out: folder, seed });
    await refit(inner, { out: `${folder}-refit` });
    const { run, facts } = await runJob(dataset, { ...job, resume: true }, { out, seed });
    assert.deepEqual(otherRuns(run).map(({ path }) => path), [folder]);
    assert.equal(facts.run.status, "done");
  }));

Deno.test("refit, tested, of a method that lies in a run: popularity is weighed as that run's figures have it", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 60 }, NEW), out = join(dir, "run"), seed = 3;
    const first = { method: "fpmc", dim: 8, ...TRAINING, epochs: 1 } as const;
    const job = { ...GRU4REC, epochs: 1 } as const;
    await runJob(dataset, { ...first, until: "retrain" }, { out, seed });
    const { run: inner } = await runJob(dataset, { ...job, until: "retrain" }, {
      out: otherRunPath(out, "gru4rec"),
      seed,
    });
    const { run } = await runJob(dataset, { ...first, resume: true }, { out, seed });
    const adjusted = (of: RunFolder, without: string) =>
      Object.fromEntries(
        Object.entries(of.read("metrics")!.methods).filter(([name]) => name !== without)
          .map(([name, { logitAdjustment }]) => [name, logitAdjustment]),
      );
    const result = await refit(inner, { out: join(dir, "tested"), holdOut: "test" });
    assert.deepEqual(result.run.readRun()!.config.training.adjustmentOfRun, adjusted(run, ""));
    assert.deepEqual(adjusted(result.run, ""), adjusted(run, "FPMC"));
    const { run: serving } = await refit(inner, { out: join(dir, "serve") });
    const page = Deno.readTextFileSync(serving.reportPath);
    assert.match(page, /the figures of [^<]*\/run say how good it is/, "where they are");
    const { text } = presentJob(result);
    assert.match(
      typeof text === "string" ? text : text([]),
      /\nNext: deno task refit .+run\/methods\/gru4rec'? for a model that also learns from the test interactions$/,
    );

    // After further training, it is no longer the model that those figures belong to.
    await runJob(dataset, { ...job, epochs: 2, until: "retrain", resume: true }, { out: inner.path, seed });
    await refused(
      () => refit(inner, { out: join(dir, "more"), holdOut: "test" }),
      /it has no figures of its own yet, by which popularity is weighed; first: deno task evaluate .+gru4rec'?$/,
    );
  }));

Deno.test("refit: a run that is not trained is refused", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 40 }), at = (name: string) => join(dir, name);
    const searched = { ...PLANTED_SIZES, ...TRAINING, searchEpochs: 1, until: "search" } as const;
    const { run } = await runJob(dataset, searched, { out: at("run"), seed: 1 });
    await refused(() => refit(run, { out: at("serve") }), /it has none yet; train it with/);
    await refused(() => refit(at("none"), { out: at("serve") }), /there is no such folder/);
  }));

Deno.test("refit, tested: it learns all but the test part, and is tested by that; popularity is weighed as it was for the run", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 60 }, NEW), at = (name: string) => join(dir, name);
    const { run } = await runJob(dataset, GRU4REC, { out: at("run"), seed: 3 });
    const { run: tested, facts } = await refit(run, { out: at("tested"), holdOut: "test", epochs: 12 });
    const before = run.read("metrics")!, metrics = tested.read("metrics")!;
    assert.deepEqual(Object.keys(metrics.methods.GRU4Rec.metrics), ["test"]);
    const taus = ({ methods }: typeof before) => Object.values(methods).map((one) => one.logitAdjustment);
    assert.deepEqual(taus(metrics), taus(before));
    // The item that everybody took last but one is now the most popular, and it is also what everybody took last.
    const hits = ({ methods }: typeof before) => methods.Popularity.metrics.test.full["HR@1"];
    assert(hits(before) === 0 && hits(metrics) > 0.7, `${hits(before)}, then ${hits(metrics)}`);
    assert.deepEqual(tested.read("trainHistory").map(({ metrics }) => metrics), Array(12).fill({}));

    // The same as training and testing in a program.
    const { config, values } = await readTrained(tested, dataset);
    using training = new Training(
      await openEngine(),
      withoutHoldOut(dataset, { keep: "test" }),
      config,
      { batchSize: 32, rate: 0.02, averaging: 0, seed: 3, epochs: 12 },
    );
    assert.deepEqual((await training.run()).values(), values());
    using loaded = await loadModel(tested, dataset);
    const own = await evaluate(loaded.model, dataset, {
      ks: [1],
      keepSeen: true,
      logitAdjustment: metrics.methods.GRU4Rec.logitAdjustment,
    });
    assert.deepEqual(own.metrics, metrics.methods.GRU4Rec.metrics.test);
    await refused(
      () => evaluate(loaded.model, dataset, { split: "validation", logitAdjustment: 0 }),
      /Cannot evaluate GRU4Rec on .*: it has learnt from the validation part/,
    );
    await refused(
      () => evaluate(loaded.model, dataset),
      /Cannot choose a logit adjustment for GRU4Rec: the validation part of .* is learnt/,
    );
    // Nor if it was saved as a model of the dataset.
    await saveModel(at("model"), loaded.model, { dataset, seed: 3 });
    using again = await loadModel(at("model"), dataset);
    await refused(
      () => evaluate(again.model, dataset, { split: "validation", logitAdjustment: 0 }),
      /it has learnt from the validation part/,
    );
    const { run: all } = await refit(run, { out: at("all"), epochs: 1 });
    using withAll = await loadModel(all, dataset);
    await refused(
      () => saveModel(at("model"), withAll.model, { dataset, seed: 3 }),
      /the model there is trained on all of the data but the test part, and this on all of the data/,
    );

    assert.match(reportText(facts), /trained anew on training and validation interactions/);
    assert.match(String(tested), /^learnt of it +all of the data but the test part$/m);
    assert.match(String(tested), /^training +12 epochs$/m);
    assert.match(
      Deno.readTextFileSync(tested.reportPath),
      /and validation is learnt, too: 1,740 \+ 0 \+ 60 interactions/,
    );
    const compared = compareRuns([tested, run], { metric: "HR@1" });
    assert.match(String(compared), /tested: a refit, which has learnt the validation interactions, too/);
    assert.deepEqual(compared.runs.map(({ bestEpoch }) => bestEpoch !== undefined), [false, true]);
    await refused(() => refit(tested, { out: at("more") }), /it is a refit itself/);
    await refused(
      () => refit(run, { out: tested.path, epochs: 12, resume: true }),
      /it was begun with other options \(holdOut: "test", now none\); give the same ones/,
    );
    const cut = await refit(run, { out: at("cut"), holdOut: "test", epochs: 1000, budget: "1s" });
    assert.match(
      cut.facts.run.warnings.map(warningText).join("\n"),
      /^The budget ended the training after .* of 1,?000 epochs: .*; to resume: deno task retrain .+cut'?$/m,
    );
    const trained = await runJob(dataset, { ...GRU4REC, epochs: 1, until: "retrain" }, {
      out: at("trained"),
      seed: 3,
    });
    await refused(
      () => refit(trained.run, { out: at("more"), holdOut: "test" }),
      /Cannot refit .*trained to be tested: it has no figures of its own yet.*deno task evaluate/,
    );
  }));
