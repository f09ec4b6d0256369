import assert from "node:assert/strict";
import { warningTexts } from "../../../model/views/epochs.ts";
import { existsSync } from "node:fs";
import { join } from "node:path";
import pl from "nodejs-polars";

import { epochsDone } from "../../../model/records/epochs.ts";
import { RunFolder } from "../../../model/runs/folder.ts";
import { task } from "../../command.ts";
import { withFolder } from "../../folders.ts";
import { json } from "../support.ts";
import { refusedInOneLine, withRun } from "./finished.ts";
import { SMALL, UNSEARCHED, writeLog } from "./small.ts";

Deno.test("pipeline: from a file to metrics and report", () =>
  withRun((dir, { stdout }) => {
    const said = JSON.parse(stdout), run = join(dir, "run");
    assert.equal(said.status, "done");
    assert.equal(said.architecture.lengths.join(), "1,3");
    const metrics = json(join(run, "metrics.json")), { metrics: own } = metrics.methods.AutoMLP;
    assert.deepEqual(Object.keys(own.test).sort(), ["full", "recbole"]);
    for (const name of ["HR@10", "NDCG@10", "MRR@10"]) assert(own.test.recbole[name] > 0, name);
    assert(metrics.methods.Popularity.metrics.test.recbole["HR@10"] >= 0);
    const facts = json(join(run, "run.json"));
    assert.equal(facts.seed, 2023);
    const phases = ["prepare", "search", "retrain", "evaluate"];
    assert.deepEqual(Object.keys(facts.times), phases);
    assert.deepEqual(Object.keys(facts.peakMemory), phases);
    const peaks = Object.values<number>(facts.peakMemory);
    assert(Math.max(...peaks) <= facts.peakMemoryBytes);
    assert(peaks.every((bytes) => bytes > 50e6));
    assert.equal(pl.readParquet(join(run, "per_user.parquet")).getColumn("user").nUnique(), 60);
    assert.match(Deno.readTextFileSync(join(run, "report.html")), /<svg/);
    assert.equal(Deno.readTextFileSync(join(run, "train", "history.jsonl")).trim().split("\n").length, 3);
    return Promise.resolve();
  }));

Deno.test("pipeline: of several files the run folder and the dataset are both called by the first", () =>
  withFolder(async (dir) => {
    writeLog(join(dir, "2023.csv"));
    writeLog(join(dir, "2024.csv"));
    for (const files of [["--data", "2023.csv", "--data", "2024.csv"], ["--data", "2023.csv,2024.csv"]]) {
      Deno.mkdirSync(join(dir, "runs"));
      const ran = await task("pipeline", [...files, "--until", "dataset", "--json"], { cwd: dir });
      assert.equal(ran.code, 0, ran.stderr);
      assert.deepEqual([...Deno.readDirSync(join(dir, "runs"))].map(({ name }) => name), ["2023"]);
      assert.equal(json(join(dir, "runs/2023/dataset/manifest.json")).name, "2023");
      Deno.removeSync(join(dir, "runs"), { recursive: true });
    }
  }));

Deno.test("pipeline: a budget ends training in time, and the job is still done whole", () =>
  withFolder(async (dir) => {
    writeLog(join(dir, "log.csv"));
    const options = [...SMALL, "--epochs", "100000", "--patience", "100000", "--budget", "5s"];
    const ran = await task("pipeline", ["--data", "log.csv", "--out", "run", ...options, "--json"], {
      cwd: dir,
    });
    assert.equal(ran.code, 0, ran.stderr);
    // The budget does not cover the start of Deno and the report, which take longer on a busy machine.
    const { times } = json(join(dir, "run/run.json"));
    assert(times.search + times.retrain < 10, `search ${times.search} s, training ${times.retrain} s`);
    assert(JSON.parse(ran.stdout).metrics.methods.AutoMLP.metrics.test.recbole["HR@10"] > 0);
    const cut = /The budget ended the training after [\d.,]+ of 100,000 epochs: all figures are provisional/;
    assert.match(ran.stderr, cut);
    assert(warningTexts(json(join(dir, "run/run.json"))).some((warning) => cut.test(warning)));
    assert.match(Deno.readTextFileSync(join(dir, "run/report.html")), cut);
    // After the run is resumed to its end, nothing is provisional any more; the budget does not apply to this command.
    const epochs = String(
      1 + Math.ceil(epochsDone(RunFolder.open(join(dir, "run")).read("trainHistory").at(-1)!)),
    );
    const resumed = await task("pipeline", ["--out", "run", "--resume", "--epochs", epochs, "--quiet"], {
      cwd: dir,
    });
    assert.equal(resumed.code, 0, resumed.stderr);
    assert(!warningTexts(json(join(dir, "run/run.json"))).some((warning) => cut.test(warning)));
  }));

Deno.test("pipeline: other ways to a length", () =>
  withFolder(async (dir) => {
    writeLog(join(dir, "log.csv"));
    const run = async (out: string, ...options: string[]) => {
      const ran = await task("pipeline", ["--data", "log.csv", "--out", out, ...options, "--json"], {
        cwd: dir,
      });
      assert.equal(ran.code, 0, ran.stderr);
      return JSON.parse(ran.stdout).architecture;
    };
    const given = await run("given", ...UNSEARCHED, "--search", "none", "--short", "4", "--epochs", "1");
    assert.deepEqual([given.shortTermLength, given.method], [4, "given"]);
    const exhaustive = await run(
      "exhaustive",
      ...SMALL,
      "--search",
      "exhaustive",
      "--epochs",
      "3",
      "--long-layers",
      "0",
    );
    assert.deepEqual([exhaustive.shortTermLength, exhaustive.method], [3, "exhaustive"]);
    const second = await run(
      "second",
      ...SMALL,
      "--search",
      "darts2",
      "--search-epochs",
      "1",
      "--until",
      "search",
    );
    assert.equal(second.method, "darts2");
  }));

Deno.test("pipeline: what cannot be is said in one line before anything is computed", () =>
  withFolder(async (dir) => {
    writeLog(join(dir, "log.csv"));
    Deno.writeTextFileSync(join(dir, "run.yaml"), "lengthes: [3]\n");
    const cases: [string[], RegExp][] = [
      [["--lengths", "3,99"], /candidate length 99 is longer than the sequence, 50; raise --length/],
      [["--lengths", "3,x"], /--lengths does not fit/],
      [["--lengths", "3,0"], /Option --lengths does not fit: the 2nd value: give a number above 0/],
      [["--search", "none"], /needs the length to train with: --short K/],
      [["--short", "3"], /--short goes with --search none/],
      [["--search", "none", "--short", "3", "--lengths", "3,5"], /--lengths goes with a search/],
      [["--loss", "hinge"], /--loss takes ce, bce, bpr, sampled-softmax, bpr-max, top1-max/],
      [["--metric", "AUC"], /AUC/],
      [
        ["--protocol", "hard"],
        /by protocol "hard": the dataset to prepare has recbole, strict, uniform, full/,
      ],
      [["--budget", "soon"], /--budget does not fit/],
      [["--engine", "tpu"], /--engine takes native, webgpu, wasm, cpu/],
      [["--engine", "webgpu"], /^error: Cannot train on the webgpu engine: .*; give --engine wasm$/m],
      [["--config", "run.yaml"], /Unknown key "lengthes" in run\.yaml \(did you mean "lengths"\?\)/],
      [
        ["--engine", "wasm", "--precision", "bfloat16"],
        /^error: Cannot train in bfloat16 on the wasm engine/m,
      ],
      [
        ["--methods", "automlp,fdsa"],
        /^error: Cannot build FDSA: it needs item features, .*; prepare with --items$/m,
      ],
      [
        ["--embedded-features", "genre"],
        /--embedded-features needs a table of items: name its file with --items$/m,
      ],
      [["--drop", "1"], /Unknown option --drop \(did you mean/],
    ];
    for (const [args, says] of cases) {
      refusedInOneLine(
        await task("pipeline", ["--data", "log.csv", "--out", "run", ...args], { cwd: dir }),
        says,
      );
    }
    assert(!existsSync(join(dir, "run")), "nothing was made");
    refusedInOneLine(await task("evaluate", ["nowhere"], { cwd: dir }), /there is no such folder/);
    refusedInOneLine(await task("recommend", ["nowhere"], { cwd: dir }), /there is no such folder/);
    refusedInOneLine(
      await task("search", ["nowhere", "--out", "x"], { cwd: dir }),
      /there is no such folder/,
    );
  }));
