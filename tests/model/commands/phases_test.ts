/** The phases of a job as separate commands, and a run's network trained again. */
import assert from "node:assert/strict";
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { FILES, type RunFile, type Writer } from "../../../model/runs/files.ts";
import { RunFolder } from "../../../model/runs/folder.ts";
import { filesBelow, json, weightsOf } from "../support.ts";
import { withRun } from "./finished.ts";
import { NETWORK } from "./small.ts";

const search = (out: string) => `search run/dataset --out ${out} ${NETWORK}`;

/** Asserts that a run holds only files of these writers, and everything that its phases always write. */
function holdsFilesOf(run: string, ...writers: Writer[]) {
  const there = filesBelow(run), known = Object.values<RunFile>(FILES);
  const expected = known.filter((file) => file.writers.some((writer) => writers.includes(writer)));
  const own = ["checksums.json", ".lock", ...expected.map(({ path }) => path)];
  assert.deepEqual(there.filter((path) => !own.includes(path)), [], "no other file is there");
  assert(known.every(({ required, path }) => !required || there.includes(path)));
}

Deno.test("search, retrain, evaluate: one by one they come to the weights of the whole job", () =>
  withRun(async (dir, { ran }) => {
    const steps = join(dir, "steps");
    assert.match((await ran(search("steps"))).stdout, /\nNext: deno task retrain steps\n$/);
    holdsFilesOf(steps, "job", "search");
    assert.match((await ran("retrain steps")).stdout, /\nNext: deno task evaluate steps\n$/);
    holdsFilesOf(steps, "job", "search", "retrain");
    await ran("evaluate steps --ks 1,3 --json");
    holdsFilesOf(steps, "job", "search", "retrain", "evaluate");
    assert("HR@3" in json(join(steps, "metrics.json")).methods.AutoMLP.metrics.test.recbole);
    assert.deepEqual(await weightsOf(steps), await weightsOf(join(dir, "run")));
    renameSync(join(dir, "run"), join(dir, "moved"));
    await ran("evaluate moved --quiet");
    assert.deepEqual(json(join(dir, "moved", "run.json")).dataset.folder, "dataset", "it is in the run");
  }));

Deno.test("what was begun by a single step goes on by every command that is named for it", () =>
  withRun(async (dir, { ran, refused }) => {
    const at = (name: string) => join(dir, name);
    await ran(search("one"));
    for (const name of ["recommend", "evaluate"]) {
      await refused(
        `${name} one --json`,
        /Cannot load the model of one: it has none yet; train it with deno task retrain one$/,
      );
    }
    const cut = { ...json(at("one/run.json")), status: "interrupted", command: "deno task pipeline" };
    await RunFolder.open(at("one")).writeRun({ ...cut, sessions: [] });
    await refused("recommend one", /it has none yet; to continue: deno task pipeline one --resume$/);
    await ran("retrain one --epochs 1");
    await ran("retrain one --epochs 2 --resume --patience 3");
    const { epochs, patience } = json(at("one/run.json")).config.training;
    assert.deepEqual([epochs, patience], [2, 3]);
    assert.match((await ran("recommend one --users u1 --k 1")).stdout, /^u1,1,/m);

    await refused(
      "inspect run",
      /Cannot open the dataset run: it is the folder of a run, whose dataset is run\/dataset: name that$/,
    );
    renameSync(at("run/dataset"), at("moved"));
    for (const line of ["recommend one", "evaluate run"]) {
      await refused(
        line,
        /its dataset is not at .*dataset any more; name the folder where it is now with --dataset DIR$/,
      );
    }
    await ran("recommend one --users u1 --dataset moved");
    await ran("evaluate run --dataset moved --quiet");
    renameSync(at("moved"), at("run/dataset"));

    await ran(search("three"));
    await ran("pipeline three --resume --quiet");
    assert.deepEqual(await weightsOf(at("three")), await weightsOf(at("run")));

    await ran("train --method fpmc --dataset run/dataset --out four --epochs 1");
    await refused(
      "pipeline four --resume",
      /Cannot resume four: it is a run of FPMC alone; continue with deno task train four --resume$/,
    );
    await ran("retrain four --epochs 2 --quiet");
  }));

Deno.test("retrain takes the length of a search that a budget cut as it is, and has no budget of its own", () =>
  withRun(async (dir, { ran }) => {
    const warned = async (line: string) =>
      (await ran(line)).stderr.split("\n").filter((line) => line.startsWith("warning: The budget ended"));
    const [cut, ...others] = await warned(`${search("cut")} --budget 0.01s`);
    assert.match(
      cut,
      /ended the search after [\d.]+ of 2 epochs: .*; to resume: deno task search cut --resume$/,
    );
    const history = () => Deno.readTextFileSync(join(dir, "cut", "search", "history.jsonl"));
    const searched = history(), [stays, ...more] = await warned("retrain cut");
    assert.match(
      stays,
      /ended the search after .*; the network is trained with k = \d, which stays; to search for/,
    );
    assert.deepEqual([others, more, history()], [[], [], searched]);
    assert.equal(json(join(dir, "cut", "run.json")).status, "done");
    assert.deepEqual(await warned("pipeline cut --resume --until retrain"), [stays]);
  }));

Deno.test("figures of weights that are no more are gone: what was trained further is evaluated again", () =>
  withRun(async (dir, { ran }) => {
    Deno.writeTextFileSync(join(dir, "hr.yaml"), "metric: HR@1\n");
    // After one short epoch there is something left to learn.
    await ran(
      "pipeline --dataset run/dataset --out begun --search none --short 3 --dim 8 --config hr.yaml --epochs 1",
    );
    const before = await weightsOf(join(dir, "begun"));
    assert.match(
      (await ran("retrain begun --epochs 12")).stdout,
      /Next: deno task evaluate begun\n$/,
    );
    assert.notDeepEqual(await weightsOf(join(dir, "begun")), before);
    const figures = () =>
      ["metrics.json", "insights.json", "per_user.parquet"]
        .map((name) => existsSync(join(dir, "begun", name)));
    assert.deepEqual(figures(), [false, false, false]);
    assert.doesNotMatch(Deno.readTextFileSync(join(dir, "begun", "report.html")), /NDCG@10.*full/);
    await ran("evaluate begun --quiet");
    assert.deepEqual(figures(), [true, true, true]);
    await ran("retrain begun"); // finds nothing better, and keeps the weights
    assert.deepEqual(figures(), [true, true, true]);
  }));

Deno.test("refit: beside the run, which recommends; it is resumed, not evaluated, and tells who tries", () =>
  withRun(async (dir, { ran, refused }) => {
    const record = () => Deno.readTextFileSync(join(dir, "run", "run.json")), before = record();
    const { stdout } = await ran("refit run/");
    assert.match(stdout, /^The network of .+run, trained anew on all interactions/m);
    assert.match(stdout, /^Next: deno task recommend run-refit$/m);
    assert.equal(record(), before);
    const { config, status } = json(join(dir, "run-refit", "run.json")), { epochs } = config.training;
    assert.deepEqual([config.training.trainOn, status], ["all", "done"]);
    assert(!existsSync(join(dir, "run-refit", "metrics.json")));
    assert.match((await ran("recommend run-refit --users u7 --k 2")).stdout, /\nu7,1,i\d+,/);
    assert.match((await ran("runs .")).stdout, /run-refit .* done/);
    await ran("export run-refit --to onnx --out onnx");
    await ran("report run-refit");

    // More epochs, with the command that resumes any training, and with its own.
    await ran(`retrain run-refit --epochs ${epochs + 1}`);
    await ran(`refit run --resume --epochs ${epochs + 2}`);
    assert.equal(RunFolder.open(join(dir, "run-refit")).read("trainHistory").length, epochs + 2);

    // Tested, beside the other.
    const figures = () => RunFolder.open(join(dir, "run-refit-tested")).read("metrics")!.methods.AutoMLP;
    const tested = (await ran("refit run --hold-out test")).stdout;
    assert.match(tested, /^test, protocol full$/m);
    assert.match(
      tested,
      /^Next: deno task compare run-refit-tested .+run'? for what it gains, or deno task refit .+run'? for a model/m,
    );
    const own = figures();
    assert.deepEqual(Object.keys(own.metrics), ["test"]);
    renameSync(join(dir, "run"), join(dir, "moved"));
    await ran("evaluate run-refit-tested --dataset moved/dataset"); // it no longer needs the run
    renameSync(join(dir, "moved"), join(dir, "run"));
    assert.deepEqual(figures(), own);
    // Resuming it and training it further gives figures again.
    const further = await ran(`retrain run-refit-tested --epochs ${epochs + 1} --dataset run/dataset`);
    assert.match(further.stdout, /^Next: deno task compare run-refit-tested .+run'? for what it gains/m);
    assert.notDeepEqual(figures(), own);

    const cases: [line: string, says: RegExp][] = [
      ["evaluate run-refit", /^error: Cannot evaluate run-refit: it has learnt from all of its data/],
      ["refit run", /^error: There is a run in run-refit already: resume it with --resume, or give/],
      ["refit run-refit --out more", /^error: Cannot refit run-refit: it is a refit itself/],
      ["refit none", /^error: Cannot open the run none: there is no such folder/],
      ["refit", /^error: Which run\? Name its folder, as in deno task refit runs\/mine/],
      [
        "pipeline run-refit --resume",
        /^error: Cannot resume run-refit: it is a refit; continue with deno task retrain run-refit/,
      ],
    ];
    for (const [line, says] of cases) await refused(line, says);
    assert(!existsSync(join(dir, "more")));
  }));
