import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import pl from "nodejs-polars";
import { readSafetensors } from "../../../model/records/safetensors.ts";
import { appears, type Ran, startTask, task } from "../../command.ts";
import { withFolder } from "../../folders.ts";
import { SMALL, writeLog } from "./small.ts";

const json = (path: string) => JSON.parse(Deno.readTextFileSync(path));
const weights = async (run: string) =>
  (await readSafetensors(join(run, "model", "weights.safetensors"))).tensors;

Deno.test("pipeline: from a file to metrics, report and recommendations; every step again on its own", () =>
  withFolder(async (dir) => {
    writeLog(join(dir, "log.csv"));
    const ran = await task("pipeline", ["--data", "log.csv", "--out", "run", ...SMALL, "--json"], {
      cwd: dir,
    });
    assert.equal(ran.code, 0, ran.stderr);
    const said = JSON.parse(ran.stdout), run = join(dir, "run");
    assert.equal(said.status, "done");
    assert.equal(said.architecture.candidates.join(), "1,3");
    const metrics = json(join(run, "metrics.json"));
    assert.deepEqual(Object.keys(metrics.test).sort(), ["full", "recbole"]);
    for (const name of ["HR@10", "NDCG@10", "MRR@10"]) assert(metrics.test.recbole[name] > 0, name);
    assert(metrics.baselines.Popularity.test.recbole["HR@10"] >= 0);
    const facts = json(join(run, "run.json"));
    assert.equal(facts.seed, 2023);
    assert.deepEqual(Object.keys(facts.times), ["search", "retrain", "evaluate"]);
    assert.equal(pl.readParquet(join(run, "per_user.parquet")).getColumn("user").nUnique(), 60);
    assert.match(Deno.readTextFileSync(join(run, "report.html")), /<svg/);
    assert.equal(Deno.readTextFileSync(join(run, "train", "history.jsonl")).trim().split("\n").length, 3);

    const again = await task("pipeline", ["--data", "log.csv", "--out", "run", ...SMALL], { cwd: dir });
    oneLine(again, /There is a run in run already: resume it with --resume, or give another folder/);
    const other = await task("pipeline", [
      "--data",
      "log.csv",
      "--out",
      "run",
      ...SMALL,
      "--resume",
      "--dropout",
      "0.5",
    ], {
      cwd: dir,
    });
    oneLine(other, /Cannot resume run: it was begun with other options/);

    const hash = () => json(join(run, "dataset", "manifest.json")).hash;
    const before = hash();
    const filtered = ["--data", "log.csv", "--out", "run", ...SMALL, "--min-user", "3"];
    oneLine(await task("pipeline", filtered, { cwd: dir }), /There is a run in run already/);
    const resumed = await task("pipeline", [...filtered, "--resume"], { cwd: dir });
    oneLine(
      resumed,
      /Cannot resume run: Cannot use the dataset run\/dataset: option minUser changed \(10, now 3\)/,
    );
    assert.equal(hash(), before, "the run's dataset is left as it is");

    // The same, phase by phase, gives the same weights.
    const steps = ["--out", "steps", ...SMALL.slice(0, -6), "--metric", "HR@1"];
    assert.equal((await task("search", ["run/dataset", ...steps], { cwd: dir })).code, 0);
    assert.equal((await task("retrain", ["steps"], { cwd: dir })).code, 0);
    const evaluated = await task("evaluate", ["steps", "--ks", "1,3", "--json"], { cwd: dir });
    assert.equal(evaluated.code, 0, evaluated.stderr);
    assert.deepEqual(
      Object.keys(json(join(dir, "steps", "metrics.json")).test.recbole).includes("HR@3"),
      true,
    );
    assert.deepEqual(await weights(join(dir, "steps")), await weights(run));

    const recommended = await task("recommend", ["--run", "run", "--users", "u7,u9", "--k", "2"], {
      cwd: dir,
    });
    const lines = recommended.stdout.trim().split("\n");
    assert.deepEqual(lines.map((line) => line.split(",")[0]), ["user", "u7", "u7", "u9", "u9"]);
    Deno.writeTextFileSync(join(dir, "new.csv"), "i1,i5,i2,i6\n");
    await task("recommend", ["--run", "run", "--histories", "new.csv", "--out", "new.parquet"], { cwd: dir });
    assert.equal(pl.readParquet(join(dir, "new.parquet")).height, 10);
    oneLine(await task("recommend", ["--run", "run", "--users", "u777"], { cwd: dir }), /u777/);

    // A user's id is no file's name, and nothing of somebody else's is replaced.
    Deno.writeTextFileSync(join(dir, "u7"), "u9\n");
    Deno.writeTextFileSync(join(dir, "some"), "u9\n");
    Deno.writeTextFileSync(join(dir, "mine.csv"), "my,own\n");
    const first = async (...args: string[]) =>
      (await task("recommend", ["--run", "run", ...args], { cwd: dir })).stdout.split("\n")[1].split(",")[0];
    assert.deepEqual([await first("--users", "u7"), await first("--users", "some")], ["u7", "u9"]);
    const out = ["recommend", ["--run", "run", "--out", "mine.csv"], { cwd: dir }] as const;
    oneLine(
      await task(out[0], [...out[1]], out[2]),
      /mine.csv: a file of another kind is there; .*--overwrite/,
    );
    assert.equal(Deno.readTextFileSync(join(dir, "mine.csv")), "my,own\n");
    for (const more of [["--overwrite"], []]) {
      assert.equal((await task(out[0], [...out[1], ...more], out[2])).code, 0);
      assert.match(Deno.readTextFileSync(join(dir, "mine.csv")), /^user,rank,item,score\n/);
    }

    // A run that was moved finds its dataset; one that is damaged says so.
    Deno.renameSync(run, join(dir, "moved"));
    assert.equal((await task("evaluate", ["moved", "--quiet"], { cwd: dir })).code, 0);
    assert.deepEqual(json(join(dir, "moved", "run.json")).dataset.folder, "dataset");
    Deno.writeTextFileSync(join(dir, "log.csv"), "u1,i1,9\n", { append: true });
    const changed = ["--data", "log.csv", "--out", "moved", ...SMALL, "--resume"];
    oneLine(
      await task("pipeline", changed, { cwd: dir }),
      /Cannot resume moved: .*log.csv changed since it was/,
    );
    assert.equal(json(join(dir, "moved", "dataset", "manifest.json")).hash, before);
  }));

Deno.test("pipeline: killed at any moment and resumed, it ends with the weights of an uninterrupted run", () =>
  withFolder(async (dir) => {
    writeLog(join(dir, "log.csv"), 150);
    const args = (
      out: string,
    ) => ["--data", "log.csv", "--out", out, ...SMALL, "--until", "retrain", "--quiet"];
    assert.equal((await task("pipeline", args("whole"), { cwd: dir })).code, 0);
    // In the middle of the search, then of the training.
    for (const phase of ["search", "train"]) {
      const out = `cut-${phase}`, started = startTask("pipeline", args(out), { cwd: dir });
      await appears(join(dir, out, "checkpoint", `${phase}.safetensors`));
      started.signal("SIGKILL");
      assert.equal((await started.ended).code, 137);
      const resumed = await task("pipeline", [...args(out), "--resume"], { cwd: dir });
      assert.equal(resumed.code, 0, resumed.stderr);
      assert.deepEqual(await weights(join(dir, out)), await weights(join(dir, "whole")));
    }
  }));

Deno.test("pipeline: a budget ends training in time, and the job is still done whole", () =>
  withFolder(async (dir) => {
    writeLog(join(dir, "log.csv"));
    const started = performance.now();
    const options = [...SMALL, "--epochs", "100000", "--patience", "100000", "--budget", "5s"];
    const ran = await task("pipeline", ["--data", "log.csv", "--out", "run", ...options, "--json"], {
      cwd: dir,
    });
    assert.equal(ran.code, 0, ran.stderr);
    assert(performance.now() - started < 20_000);
    assert(JSON.parse(ran.stdout).metrics.model.test.recbole["HR@10"] > 0);
  }));

Deno.test("pipeline: other ways to a length", () =>
  withFolder(async (dir) => {
    writeLog(join(dir, "log.csv"));
    const run = async (out: string, ...options: string[]) => {
      const ran = await task(
        "pipeline",
        ["--data", "log.csv", "--out", out, ...SMALL, ...options, "--json"],
        { cwd: dir },
      );
      assert.equal(ran.code, 0, ran.stderr);
      return JSON.parse(ran.stdout).architecture;
    };
    const given = await run("given", "--search", "none", "--short", "4", "--epochs", "1");
    assert.deepEqual([given.shortTermLength, given.method], [4, "given"]);
    const exhaustive = await run(
      "exhaustive",
      "--search",
      "exhaustive",
      "--epochs",
      "1",
      "--long-layers",
      "0",
    );
    assert.deepEqual([exhaustive.shortTermLength, exhaustive.method], [3, "exhaustive"]);
    const second = await run("second", "--order", "2", "--search-epochs", "1", "--until", "search");
    assert.equal(second.method, "darts-second-order");
  }));

Deno.test("pipeline: what cannot be is said in one line before anything is computed", () =>
  withFolder(async (dir) => {
    writeLog(join(dir, "log.csv"));
    Deno.writeTextFileSync(join(dir, "run.yaml"), "candidate: [3]\n");
    const cases: [string[], RegExp][] = [
      [["--candidates", "3,99"], /candidate length 99 is longer than the sequence, 50; raise --length/],
      [["--candidates", "3,x"], /--candidates does not fit/],
      [["--search", "none"], /needs the length to train with: --short K/],
      [["--short", "3"], /--short goes with --search none/],
      [["--loss", "hinge"], /--loss takes ce, bce, bpr, sampled-softmax, bpr-max, top1-max/],
      [["--metric", "AUC"], /AUC/],
      [["--budget", "soon"], /--budget does not fit/],
      [["--backend", "tpu"], /--backend takes native, webgpu, wasm, cpu/],
      [["--config", "run.yaml"], /Unknown key "candidate" in run\.yaml \(did you mean "candidates"\?\)/],
      [["--drop", "1"], /Unknown option --drop \(did you mean/],
    ];
    for (const [args, says] of cases) {
      oneLine(await task("pipeline", ["--data", "log.csv", "--out", "run", ...args], { cwd: dir }), says);
    }
    assert(!existsSync(join(dir, "run")), "nothing was made");
    oneLine(await task("evaluate", ["nowhere"], { cwd: dir }), /no run\.json in it/);
    oneLine(await task("recommend", ["--run", "nowhere"], { cwd: dir }), /no run\.json in it/);
    oneLine(await task("search", ["nowhere", "--out", "x"], { cwd: dir }), /no manifest\.json in it/);
  }));

function oneLine({ code, stdout, stderr }: Ran, says: RegExp): void {
  const errors = stderr.split("\n").filter((line) => line.startsWith("error"));
  assert.equal(errors.length, 1, stderr);
  assert.match(errors[0], says);
  assert.equal(code, 2, stderr);
  assert.equal(stdout, "");
}
