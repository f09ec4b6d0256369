import assert from "node:assert/strict";
import type { RunMetrics } from "../../../model/records/records.ts";
import { warningTexts } from "../../../model/views/epochs.ts";
import { join } from "node:path";
import { type Progress, silent } from "../../../pipeline/contract/progress.ts";
import { Budget } from "../../../model/experiment/cost.ts";
import { describedMethod, presetFor } from "../../../model/experiment/method_options.ts";
import { doJob, runJobAt } from "../../../model/experiment/job.ts";
import { runMethods } from "../../../model/experiment/methods.ts";
import { jobSchema } from "../../../model/experiment/options.ts";
import { reopenRun } from "../../../model/experiment/begun.ts";
import { listRuns } from "../../../model/report/list.ts";
import { RunFolder } from "../../../model/runs/folder.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";
import { onSlowClock, SMALL } from "./slow.ts";

/** The text that shows the place of the work. */
function shownPlace(place: Parameters<Progress["start"]>[3]): string {
  const facts = typeof place === "function" ? place() : place ?? [];
  return [facts].flat().map((fact) => typeof fact === "string" ? fact : fact.text).join();
}

/** Seconds. */
const BUDGET = 1;
/** Number of epochs of a training that takes several times the budget. */
const EPOCHS = 2000;

Deno.test("of a preset, each method has its own options, beneath those that were given", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 20 });
    let out = join(dir, "run");
    const given = { ...SMALL, epochs: 1, searchEpochs: 1, until: "retrain" };
    const run = (more: Record<string, unknown>, preset?: string) =>
      runMethods(dataset, {
        options: jobSchema.parse({ ...given, resume: more.resume ?? false }),
        given: { ...given, ...more },
        others: [describedMethod("gru4rec")],
        out,
        preset,
        data: {},
        budget: Budget.of(undefined),
      }, { seed: 1 });
    await run({}, "ml-100k");
    const { config } = RunFolder.open(join(out, "methods", "gru4rec")).readRun()!;
    const { hidden, rate } = presetFor("ml-100k", "gru4rec");
    const sizes = config.network;
    assert.deepEqual([sizes.hidden, config.training.rate, sizes.dim], [hidden, rate, SMALL.dim]);

    // A run keeps its options, even if the preset has changed since, unless the preset is named again.
    out = join(dir, "other");
    await run({ hidden: 7 });
    await run({ resume: true }, "ml-100k");
    await assert.rejects(run({ resume: true, preset: "ml-100k" }), {
      name: "InputError",
      message: /begun with other options/,
    });
  }));

Deno.test("a method that is not begun when a run is stopped is trained as it was asked for when the run is resumed by its folder", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 20 }), out = join(dir, "run");
    const given = { ...SMALL, epochs: 1, searchEpochs: 1, until: "retrain" }, stop = new AbortController();
    const run = (
      more: Record<string, unknown>,
      preset?: string,
      progress: Progress = silent,
      signal?: AbortSignal,
    ) =>
      runMethods(dataset, {
        options: jobSchema.parse({ ...given, resume: more.resume ?? false }),
        given: more,
        others: ["gru4rec", "fpmc"].map((name) => describedMethod(name)),
        out,
        preset,
        data: {},
        budget: Budget.of(undefined),
      }, { seed: 1, progress, signal });
    const stopping: Progress = {
      ...silent,
      start(label) {
        if (label.startsWith("method 1 of 3")) stop.abort();
        return silent.start(label);
      },
    };
    await assert.rejects(run({ ...given, dropout: 0.35 }, "ml-100k", stopping, stop.signal), {
      name: "Interrupted",
    });
    assert(!listRuns(dir).runs.some(({ run }) => run.endsWith("gru4rec")));
    await run({ resume: true });
    const { config } = RunFolder.open(join(out, "methods", "gru4rec")).readRun()!;
    const { hidden, rate } = presetFor("ml-100k", "gru4rec"), sizes = config.network;
    assert.deepEqual(
      [sizes.dim, sizes.length, sizes.dropout, sizes.hidden, config.training.rate],
      [SMALL.dim, SMALL.length, 0.35, hidden, rate],
    );
    await run({ resume: true }, "ml-1m"); // the recorded options apply
  }));

Deno.test("epochs that a schedule was chosen with are AutoMLP's own; those that were asked for are every method's", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 20 });
    const epochsOf = async (name: string, preset: object, given: object) => {
      const { epochs: _, ...sizes } = SMALL;
      const asked = { ...sizes, searchEpochs: 1, patience: 1, until: "retrain", ...given };
      const out = join(dir, name);
      await runMethods(dataset, {
        options: jobSchema.parse({ ...preset, ...asked }),
        given: asked,
        others: [describedMethod("fpmc")],
        out,
        data: {},
        budget: Budget.of(undefined),
      }, { seed: 1 });
      return RunFolder.open(join(out, "methods", "fpmc")).readRun()!.config.training.epochs;
    };
    assert.equal(await epochsOf("scheduled", { epochs: 2, schedule: "cosine" }, {}), 100); // the default
    assert.equal(await epochsOf("constant", { epochs: 2 }, {}), 2);
    assert.equal(await epochsOf("given", { schedule: "cosine" }, { epochs: 3 }), 3);
  }));

Deno.test("another method is not trained where a link in the run leads", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 20 }), elsewhere = join(dir, "elsewhere");
    Deno.mkdirSync(elsewhere);
    const given = { ...SMALL, epochs: 1, searchEpochs: 1, until: "retrain" };
    for (const [i, linked] of ["methods", "methods/gru4rec"].entries()) {
      const out = join(dir, `run-${i}`);
      const run = (others: string[], resume = false) =>
        runMethods(dataset, {
          options: jobSchema.parse({ ...given, resume }),
          given,
          others: others.map((name) => describedMethod(name)),
          out,
          data: {},
          budget: Budget.of(undefined),
        }, { seed: 1 });
      await run([]);
      Deno.mkdirSync(join(out, linked, ".."), { recursive: true });
      Deno.symlinkSync(elsewhere, join(out, linked));
      await assert.rejects(run(["gru4rec"], true), {
        name: "InputError",
        message: new RegExp(`${linked} is a link; put a folder in its place`),
      });
    }
    assert.deepEqual([...Deno.readDirSync(elsewhere)], []);
  }));

Deno.test("stopped within another method a run is not done, and whoever evaluates it is told whose training has not ended", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 20 }), out = join(dir, "run");
    const given = { ...SMALL, epochs: 4, searchEpochs: 1, methods: ["automlp", "gru4rec", "fpmc"] };
    const { methods: _, ...job } = given, stop = new AbortController(), others = ["gru4rec", "fpmc"];
    const run = (resume: boolean, progress: Progress, signal?: AbortSignal, more = {}) =>
      runMethods(dataset, {
        options: jobSchema.parse({ ...job, resume }),
        given: { ...job, ...more },
        others: others.map((name) => describedMethod(name)),
        out,
        data: given,
        budget: Budget.of(undefined),
      }, { seed: 1, progress, signal });
    const standsAs: string[] = [], record = () => RunFolder.open(out).readRun()!;
    const stopping: Progress = {
      ...silent,
      start(label) {
        if (label.startsWith("method 2 of 3")) {
          standsAs.push(record().status, listRuns(dir).runs.find(({ run }) => run === out)!.status);
        }
        if (standsAs.length > 0 && label.includes("epoch 3")) stop.abort();
        return silent.start(label);
      },
    };
    await assert.rejects(run(false, stopping, stop.signal), { name: "Interrupted" });
    assert.deepEqual(standsAs, ["running", "running"]);
    assert.equal(record().status, "interrupted");
    const begun = RunFolder.open(join(out, "methods", "gru4rec")).readRun()!;
    assert(begun.parameters! > 0, "of a training that was stopped, too");

    const said = "Training has not come to its end";
    const warned: string[] = [], warn = (line: string) => void warned.push(line);
    await runJobAt(dataset, { ...job, resume: true }, {
      out,
      seed: 1,
      evaluateOnly: true,
      progress: { ...silent, warn },
    });
    const resume = `to resume: deno task pipeline ${out} --resume`;
    const [gru, fpmc] = [...warned];
    assert(gru.startsWith(`GRU4Rec: ${said}`) && gru.endsWith(resume), gru);
    assert.equal(fpmc, `FPMC: ${said}: it has no model yet and is left out; ${resume}`);
    assert.deepEqual(warningTexts(record()).slice(-2), warned);

    const { facts } = await run(true, silent);
    assert.equal(record().status, "done");
    assert(!warningTexts(record()).join().includes(said));
    assert.deepEqual(Object.keys(facts.metrics!.methods).slice(1, 3), ["FPMC", "GRU4Rec"]);

    await assert.rejects(run(true, silent, undefined, { rate: 0.5 }), {
      name: "InputError",
      message: /begun with other options/,
    });
    assert.equal(record().status, "done", "a refusal changes nothing");
  }));

Deno.test("several methods share a budget, and none trains on when all are evaluated", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 20 }), out = join(dir, "run");
    const given = { ...SMALL, epochs: EPOCHS, budget: BUDGET }, phases: string[] = [];
    let leftToEvaluate = "";
    const progress: Progress = {
      ...silent,
      start(label, total, _unit, place) {
        if (total === undefined && place) phases.push(label);
        if (label === "evaluation") leftToEvaluate = shownPlace(place);
        return silent.start(label);
      },
    };
    const { result: { facts }, taken } = await onSlowClock(() => {
      const budget = Budget.of(BUDGET);
      return runMethods(dataset, {
        options: jobSchema.parse(given),
        given,
        others: [describedMethod("gru4rec")],
        out,
        data: {},
        budget,
      }, { seed: 1, progress });
    });
    assert.deepEqual(phases, [
      "method 1 of 2, AutoMLP: phase 1 of 2, search",
      "method 1 of 2, AutoMLP: phase 2 of 2, training",
      "method 2 of 2, GRU4Rec: training",
      "evaluation",
    ]);
    const epochs = [out, join(out, "methods", "gru4rec")].map((run) =>
      RunFolder.open(run).read("trainHistory").length
    );
    assert(epochs.every((count) => count > 0 && count < EPOCHS / 4), `${epochs} epochs`);
    for (const run of [out, join(out, "methods", "gru4rec")]) {
      const warnings = warningTexts(RunFolder.open(run).readRun()!).join("\n");
      assert(warnings.includes(`provisional; to resume: deno task pipeline ${out} --resume`), warnings);
    }
    assert.deepEqual(Object.keys(facts.metrics!.methods).slice(1, 2), ["GRU4Rec"]);
    assert.match(
      leftToEvaluate,
      /^0\.[0-4] s of the budget left$|^the budget is used up$/,
      "not a budget of its own",
    );
    assert(taken < 1.5 * BUDGET, `${taken} of ${BUDGET} seconds`);
  }));

Deno.test("what is to be said of the data is said once, and on record of each method", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 20 }), out = join(dir, "run"), said: string[] = [];
    const given = { ...SMALL, keepSeen: false, epochs: 1, searchEpochs: 1, until: "retrain" };
    await runMethods(dataset, {
      options: jobSchema.parse(given),
      given,
      others: [describedMethod("gru4rec"), describedMethod("fpmc")],
      out,
      data: {},
      budget: Budget.of(undefined),
    }, { seed: 1, progress: { ...silent, warn: (text) => said.push(text) } });
    const isOfData = (text: string) => /of the training targets are items that the user had/.test(text);
    assert.equal(said.filter(isOfData).length, 1, said.join("\n"));
    for (const run of [out, join(out, "methods", "gru4rec"), join(out, "methods", "fpmc")]) {
      assert.equal(warningTexts(RunFolder.open(run).readRun()!).filter(isOfData).length, 1, run);
    }
  }));

Deno.test("several methods that are done are not evaluated again, unless one was trained further by itself", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 20 }), out = join(dir, "run");
    const given = { ...SMALL, epochs: 1, searchEpochs: 1 }, gru = join(out, "methods", "gru4rec");
    const phases: string[] = [];
    const progress: Progress = {
      ...silent,
      start(label, total, _unit, place) {
        if (total === undefined && place) phases.push(label);
        return silent.start(label);
      },
    };
    const run = async (resume: boolean) => {
      phases.length = 0;
      await runMethods(dataset, {
        options: jobSchema.parse({ ...given, resume }),
        given: {},
        others: [describedMethod("gru4rec")],
        out,
        data: {},
        budget: Budget.of(undefined),
      }, { seed: 1, progress });
      return RunFolder.open(out);
    };
    const first = await run(false), facts = first.readRun(), metrics = first.read("metrics")!;
    assert.equal(phases.at(-1), "evaluation");
    const weightsIn = ({ methods }: RunMetrics) => [methods.AutoMLP.weights, methods.GRU4Rec.weights];
    assert(weightsIn(metrics).every((hash) => hash !== undefined));

    const again = await run(true);
    assert(!phases.includes("evaluation"), phases.join());
    assert.deepEqual([again.readRun(), again.read("metrics")], [facts, metrics]);

    const { options } = await reopenRun(gru);
    await doJob(dataset, { ...options, epochs: 3, resume: true, until: "retrain" }, { out: gru, seed: 1 });
    const [own, other] = weightsIn((await run(true)).read("metrics")!);
    assert.equal(phases.at(-1), "evaluation");
    assert.equal(own, weightsIn(metrics)[0]);
    assert.notEqual(other, weightsIn(metrics)[1]);
  }));
