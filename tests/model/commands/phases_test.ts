/** The phases of a job as separate commands. */
import { existsSync } from "node:fs";
import assert from "node:assert/strict";
import { join } from "node:path";
import { task } from "../../command.ts";
import { RunFolder } from "../../../model/runs/folder.ts";
import { FILES, type RunFile, type Writer } from "../../../model/runs/files.ts";
import { filesBelow, json, weightsOf } from "../support.ts";
import { refusedInOneLine, withRun } from "./finished.ts";
import { SMALL } from "./small.ts";

const epochsOf = ({ epochs, patience }: Record<string, unknown>) => [epochs, patience];

/** Asserts that a run holds only files of these writers, and everything that its phases always write. */
function holdsFilesOf(run: string, ...writers: Writer[]) {
  const there = new Set(filesBelow(run));
  const files = Object.values<RunFile>(FILES).filter(({ path }) => there.has(path));
  assert.deepEqual(files.filter((file) => !file.writers.some((writer) => writers.includes(writer))), []);
  assert.deepEqual(
    Object.values<RunFile>(FILES).filter(({ required, path }) => required && !there.has(path)),
    [],
  );
  const known = ["checksums.json", ".lock", ...Object.values(FILES).map(({ path }) => path as string)];
  assert.deepEqual([...there].filter((path) => !known.includes(path)), [], "no other file is there");
}

Deno.test("search, retrain, evaluate: one by one they come to the weights of the whole job", () =>
  withRun(async (dir) => {
    const steps = join(dir, "steps"), sizes = SMALL.slice(0, -6);
    const searching = ["--dataset", "run/dataset", "--out", "steps", ...sizes, "--metric", "HR@1"];
    assert.match(
      (await task("search", searching, { cwd: dir })).stdout,
      /\nNext: deno task retrain steps\n$/,
    );
    holdsFilesOf(steps, "job", "search");
    assert.match(
      (await task("retrain", ["steps"], { cwd: dir })).stdout,
      /\nNext: deno task evaluate steps\n$/,
    );
    holdsFilesOf(steps, "job", "search", "retrain");
    const evaluated = await task("evaluate", ["steps", "--ks", "1,3", "--json"], { cwd: dir });
    assert.equal(evaluated.code, 0, evaluated.stderr);
    holdsFilesOf(steps, "job", "search", "retrain", "evaluate");
    assert.deepEqual(
      Object.keys(json(join(steps, "metrics.json")).methods.AutoMLP.metrics.test.recbole).includes("HR@3"),
      true,
    );
    assert.deepEqual(await weightsOf(steps), await weightsOf(join(dir, "run")));
  }));

Deno.test("what was begun by a single step goes on by every command that is named for it", () =>
  withRun(async (dir) => {
    const sizes = SMALL.slice(0, -6), at = (name: string) => join(dir, name);
    const search = (out: string) => ["--dataset", "run/dataset", "--out", out, ...sizes, "--metric", "HR@1"];
    const ran = async (name: string, ...args: string[]) => {
      const done = await task(name, args, { cwd: dir });
      assert.equal(done.code, 0, done.stderr);
      return done;
    };
    await ran("search", ...search("one"));
    refusedInOneLine(
      await task("recommend", ["one"], { cwd: dir }),
      /it has none yet; train it with deno task retrain one$/,
    );
    await ran("retrain", "one", "--epochs", "1");
    await ran("retrain", "one", "--epochs", "2", "--resume", "--patience", "3");
    assert.deepEqual(epochsOf(json(at("one/run.json")).config.training), [2, 3]);
    assert.match((await ran("recommend", "one", "--users", "u1", "--k", "1")).stdout, /^u1,1,/m);

    await ran("search", ...search("two"));
    refusedInOneLine(
      await task("evaluate", ["two", "--json"], { cwd: dir }),
      /Cannot load the model of two: it has none yet; train it with deno task retrain two$/,
    );

    const cut = { ...json(at("two/run.json")), status: "interrupted", command: "deno task pipeline" };
    await RunFolder.open(at("two")).writeRun({ ...cut, sessions: [] });
    refusedInOneLine(
      await task("recommend", ["two"], { cwd: dir }),
      /it has none yet; to continue: deno task pipeline two --resume$/,
    );
    refusedInOneLine(
      await task("inspect", ["run"], { cwd: dir }),
      /Cannot open the dataset run: it is the folder of a run, whose dataset is run\/dataset: name that$/,
    );
    Deno.renameSync(at("run/dataset"), at("moved"));
    refusedInOneLine(
      await task("recommend", ["one"], { cwd: dir }),
      /its dataset is not at .*run\/dataset any more; name the folder where it is now with --dataset DIR$/,
    );
    await ran("recommend", "one", "--users", "u1", "--dataset", "moved");
    Deno.renameSync(at("moved"), at("run/dataset"));

    await ran("search", ...search("three"));
    await ran("pipeline", "three", "--resume", "--quiet");
    assert.deepEqual(await weightsOf(at("three")), await weightsOf(at("run")));

    await ran("train", "--method", "fpmc", "--dataset", "run/dataset", "--out", "four", "--epochs", "1");
    refusedInOneLine(
      await task("pipeline", ["four", "--resume"], { cwd: dir }),
      /Cannot resume four: it is a run of FPMC alone; continue with deno task train four --resume$/,
    );
    await ran("retrain", "four", "--epochs", "2", "--quiet");
  }));

Deno.test("retrain takes the length of a search that a budget cut as it is, and has no budget of its own", () =>
  withRun(async (dir) => {
    const search = [
      "run/dataset",
      "--out",
      "cut",
      ...SMALL.slice(0, -6),
      "--metric",
      "HR@1",
      "--budget",
      "0.01s",
    ];
    const ran = async (name: string, ...args: string[]) => {
      const { code, stderr } = await task(name, args, { cwd: dir });
      assert.equal(code, 0, stderr);
      return stderr.split("\n").filter((line) => line.startsWith("warning: The budget ended"));
    };
    const [cut, ...others] = await ran("search", ...search);
    assert.match(
      cut,
      /ended the search after [\d.]+ of 2 epochs: .*; to resume: deno task search cut --resume$/,
    );
    assert.deepEqual(others, []);
    const searched = Deno.readTextFileSync(join(dir, "cut", "search", "history.jsonl"));
    const [stays, ...more] = await ran("retrain", "cut");
    assert.match(
      stays,
      /ended the search after .*; the network is trained with k = \d, which stays; to search for/,
    );
    assert.deepEqual(more, []);
    assert.equal(Deno.readTextFileSync(join(dir, "cut", "search", "history.jsonl")), searched);
    assert.equal(json(join(dir, "cut", "run.json")).status, "done");
    assert.deepEqual(await ran("pipeline", "cut", "--resume", "--until", "retrain"), [stays]);
  }));

Deno.test("figures of weights that are no more are gone: what was trained further is evaluated again", () =>
  withRun(async (dir) => {
    // After one short epoch there is something left to learn.
    const begun = ["--dataset", "run/dataset", "--out", "begun", "--search", "none", "--short", "3"];
    const first = await task("pipeline", [...begun, "--dim", "8", "--metric", "HR@1", "--epochs", "1"], {
      cwd: dir,
    });
    assert.equal(first.code, 0, first.stderr);
    const before = await weightsOf(join(dir, "begun"));
    const trained = await task("retrain", ["begun", "--epochs", "12"], { cwd: dir });
    assert.equal(trained.code, 0, trained.stderr);
    assert.notDeepEqual(await weightsOf(join(dir, "begun")), before);
    assert.match(trained.stdout, /Next: deno task evaluate begun\n$/);
    const figures = ["metrics.json", "insights.json", "per_user.parquet"].map((name) =>
      join(dir, "begun", name)
    );
    assert.deepEqual(figures.map((path) => existsSync(path)), [false, false, false]);
    assert.doesNotMatch(Deno.readTextFileSync(join(dir, "begun", "report.html")), /NDCG@10.*full/);
    assert.equal((await task("evaluate", ["begun", "--quiet"], { cwd: dir })).code, 0);
    assert.deepEqual(figures.map((path) => existsSync(path)), [true, true, true]);
    // A training that finds nothing better keeps the weights.
    const again = await task("retrain", ["begun"], { cwd: dir });
    assert.equal(again.code, 0, again.stderr);
    assert.deepEqual(figures.map((path) => existsSync(path)), [true, true, true]);
  }));

Deno.test("evaluate: a run that was moved finds its dataset", () =>
  withRun(async (dir) => {
    Deno.renameSync(join(dir, "run"), join(dir, "moved"));
    assert.equal((await task("evaluate", ["moved", "--quiet"], { cwd: dir })).code, 0);
    assert.deepEqual(json(join(dir, "moved", "run.json")).dataset.folder, "dataset");
  }));

Deno.test("evaluate: a dataset that was moved is named by --dataset", () =>
  withRun(async (dir) => {
    Deno.renameSync(join(dir, "run", "dataset"), join(dir, "elsewhere"));
    refusedInOneLine(
      await task("evaluate", ["run"], { cwd: dir }),
      /Cannot open the run .*: its dataset is not at .*dataset any more/,
    );
    assert.equal(
      (await task("evaluate", ["run", "--dataset", "elsewhere", "--quiet"], { cwd: dir })).code,
      0,
    );
  }));
