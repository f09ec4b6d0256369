/** Methods other than AutoMLP, as a user trains and compares them. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { presetFor } from "../../../model/experiment/method_options.ts";
import { task } from "../../command.ts";
import { withFolder } from "../../folders.ts";
import { json, weightsOf } from "../support.ts";
import { refusedInOneLine } from "./finished.ts";
import { SMALL, writeLog } from "./small.ts";

const SIZES = [
  "--length",
  "12",
  "--dim",
  "8",
  "--layers",
  "1",
  "--epochs",
  "2",
  "--batch-size",
  "8",
  "--rate",
  "0.01",
];

Deno.test("train: a method on a dataset, evaluated, recommending, and resumed to the same weights", () =>
  withFolder(async (dir) => {
    writeLog(join(dir, "log.csv"));
    const data = ["--data", "log.csv", "--out", "data", "--eval-negatives", "5", "--protocols", "recbole"];
    assert.equal((await task("prepare", data, { cwd: dir })).code, 0);
    const train = (out: string, ...more: string[]) =>
      task("train", ["--method", "sasrec", "data", "--out", out, ...SIZES, ...more], { cwd: dir });
    const ran = await train("run", "--json");
    assert.equal(ran.code, 0, ran.stderr);
    assert.equal(JSON.parse(ran.stdout).status, "done");
    const metrics = json(join(dir, "run", "metrics.json"));
    assert.equal(metrics.method, "SASRec");
    assert.deepEqual(Object.keys(metrics.methods).slice(1), ["Popularity", "Item-kNN", "Markov"]);
    assert.deepEqual(Object.keys(metrics.tests.recbole["HR@10"]), ["Popularity", "Item-kNN", "Markov"]);
    const model = json(join(dir, "run", "model", "config.json"));
    assert.deepEqual([model.method, model.config.dim, model.config.heads], ["sasrec", 8, 1]);
    assert.match(Deno.readTextFileSync(join(dir, "run", "report.html")), /<title>SASRec on log<\/title>/);
    assert(!existsSync(join(dir, "run", "architecture.json")), "nothing was searched");

    const again = await task("evaluate", ["run", "--ks", "1,3", "--json"], { cwd: dir });
    assert.equal(again.code, 0, again.stderr);
    const recommended = await task("recommend", ["run", "--users", "u7", "--k", "2"], { cwd: dir });
    assert.match(recommended.stdout, /^user,rank,item,score\nu7,1,i\d+,/);

    // The file that tuning writes names the method, and the method's options are known with it.
    Deno.writeTextFileSync(join(dir, "best.yaml"), "method: sasrec\nheads: 2\n");
    const tuned = [
      "--config",
      "best.yaml",
      "data",
      "--out",
      "tuned",
      ...SIZES,
      "--until",
      "retrain",
      "--dim",
      "4",
    ];
    const { code, stderr } = await task("train", tuned, { cwd: dir });
    assert.equal(code, 0, stderr);
    const { config: { dim, heads } } = json(join(dir, "tuned", "model", "config.json"));
    assert.deepEqual([dim, heads], [4, 2]);

    // So do presets; given options override them.
    const preset = ["--method", "gru4rec", "--preset", "ml-100k", "data", "--out", "preset"];
    const fitting = ["--length", "12", "--dim", "4", "--epochs", "1", "--until", "retrain"];
    const known = await task("train", [...preset, ...fitting], { cwd: dir });
    assert.equal(known.code, 0, known.stderr);
    const { config: network } = json(join(dir, "preset", "model", "config.json"));
    assert.deepEqual([network.dim, network.hidden], [4, presetFor("ml-100k", "gru4rec").hidden]);
    refusedInOneLine(
      await task("train", ["--method", "gru4rec", "--preset", "demo", "data", "--out", "x"], { cwd: dir }),
      /The preset demo says nothing of gru4rec; it has options of automlp$/,
    );

    assert.equal((await train("cut", "--until", "retrain", "--epochs", "1")).code, 0);
    const resumed = await train("cut", "--until", "retrain", "--resume");
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.deepEqual(await weightsOf(join(dir, "cut")), await weightsOf(join(dir, "run")));

    // The folder is enough; other given options are compared.
    assert.equal((await train("half", "--until", "retrain", "--epochs", "1", "--dropout", "0")).code, 0);
    assert.equal((await train("whole", "--until", "retrain", "--dropout", "0")).code, 0);
    const resume = (...more: string[]) => task("train", ["--resume", ...more, "--quiet"], { cwd: dir });
    refusedInOneLine(
      await resume("--out", "half", "--heads", "2", "--seed", "7"),
      /Cannot resume half: it was begun with other options \(--seed 2023, now 7; --heads 1, now 2\); give the same/,
    );
    refusedInOneLine(
      await resume("--out", "half", "--method", "fpmc"),
      /Cannot resume half: it was begun with other options \(--method "sasrec", now "fpmc"\); give/,
    );
    refusedInOneLine(await resume("half", "--head", "2"), /--head \(did you mean --heads\?\)/);
    const half = await resume("half", "--epochs", "2");
    assert.equal(half.code, 0, half.stderr);
    assert.deepEqual(await weightsOf(join(dir, "half")), await weightsOf(join(dir, "whole")));
    assert(existsSync(join(dir, "half", "metrics.json")), "it went on to its end");
    assert.equal((await resume("data", "--out=half", "--method", "sasrec")).code, 0, "the same again");
    refusedInOneLine(
      await resume("--out", "none"),
      /Cannot resume none: there is no run in it that records its options; give them again$/,
    );
    refusedInOneLine(
      await task("search", ["--out", "half", "--resume"], { cwd: dir }),
      /Cannot resume half: it is a run of SASRec alone; continue with deno task train half --resume$/,
    );
  }));

Deno.test("--start-from: a new log begins with the weights of the run before, and with its method and options", () =>
  withFolder(async (dir) => {
    const ran = async (name: string, ...args: string[]) => {
      const { code, stderr } = await task(name, [...args, "--quiet"], { cwd: dir });
      assert.equal(code, 0, stderr);
    };
    const data = (day: string) => ["--data", `${day}.csv`, "--eval-negatives", "5", "--protocols", "recbole"];
    writeLog(join(dir, "monday.csv"));
    writeLog(join(dir, "tuesday.csv"), 70);
    // The interactions of Tuesday.
    const later = Array.from({ length: 70 }, (_, u) => `u${u},i${u % 20},24\nu${u},new,25\n`).join("");
    Deno.writeTextFileSync(join(dir, "tuesday.csv"), later, { append: true });
    for (const day of ["monday", "tuesday"]) await ran("prepare", ...data(day), "--out", day);
    await ran("train", "--method", "sasrec", "monday", "--out", "sasrec", ...SIZES, "--seed", "3");
    await ran(
      "train",
      ...["--start-from", "sasrec", "tuesday", "--out", "next", "--until", "retrain", "--epochs", "1"],
    );
    const { config, seed, command } = json(join(dir, "next", "run.json"));
    assert.match(
      Deno.readTextFileSync(join(dir, "next", "report.html")),
      /It began with the weights of [^ ]*sasrec\. 1 epoch/,
    );
    assert.deepEqual([config.method, config.network.dim, config.training.rate, config.training.epochs], [
      "sasrec",
      8,
      0.01,
      1,
    ]);
    assert.equal(seed, 2023, "each run has a seed of its own");
    assert.match(command, /--start-from sasrec/);
    await ran("train", "next", "--resume");
    refusedInOneLine(
      await task("train", ["--start-from", "monday", "tuesday", "--out", "x"], { cwd: dir }),
      /Cannot open the run monday: it is a dataset; give another folder$/,
    );

    const both = [...SMALL, "--methods", "automlp,sasrec", "--out", "whole"];
    await ran("pipeline", ...data("monday"), ...both);
    const again = ["--start-from", "whole", "--epochs", "1", "--out", "again", "--protocols", "recbole"];
    await ran("pipeline", "--dataset", "tuesday", "--methods", "automlp,sasrec", ...again.slice(0, -2));
    const kept = (run: string) => json(join(dir, run, "architecture.json")).shortTermLength;
    assert.equal(kept("again"), kept("whole"));
    assert(!existsSync(join(dir, "again", "search")), "nothing was searched");
    const { config: other } = json(join(dir, "again", "methods", "sasrec", "run.json"));
    assert.match(other.training.startFrom, /whole.methods.sasrec$/);
    await ran("pipeline", "again", "--resume");
    refusedInOneLine(
      await task("pipeline", ["tuesday", ...again.slice(0, 4), "--out", "y", "--methods", "automlp,fpmc"], {
        cwd: dir,
      }),
      /Cannot start FPMC from .*whole: it was not trained there; leave it out of --methods, or train it by itself$/,
    );
  }));

Deno.test("train: what cannot be is said in one line, with the nearest name", () =>
  withFolder(async (dir) => {
    const cases: [string[], RegExp][] = [
      [[], /^error: Which method\? Name it with --method: .*sasrec/],
      [
        ["--method", "sasrek", "d"],
        /^error: Cannot train "sasrek": there is no such method \(did you mean "sasrec"\?\); there are bert4rec, /,
      ],
      [
        ["--method", "automlp", "d"],
        /^error: AutoMLP is searched before it is trained: deno task pipeline does both/,
      ],
      [
        ["--method", "sasrec", "d", "--out", "r", "--head", "2"],
        /Unknown option --head \(did you mean --heads\?\)/,
      ],
      [["--method", "sasrec", "d", "--out", "r", "--dim", "-3"], /--dim does not fit/],
      [["--method", "sasrec"], /Which dataset\? Name its folder with --dataset DIR/],
      [["--method", "sasrec", "d"], /Name the run folder with --out/],
      [["--method", "sasrec", "d", "--out", "r"], /Cannot open the dataset d: there is no such folder/],
    ];
    for (const [args, says] of cases) {
      const { code, stdout, stderr } = await task("train", args, { cwd: dir });
      assert.deepEqual([code, stdout, stderr.trim().split("\n").length], [2, "", 1], stderr);
      assert.match(stderr, says);
    }
  }));

Deno.test("what is refused before anything is computed leaves no run in the way", () =>
  withFolder(async (dir) => {
    writeLog(join(dir, "log.csv"));
    const data = ["--data", "log.csv", "--out", "data", "--eval-negatives", "5", "--protocols", "recbole"];
    assert.equal((await task("prepare", data, { cwd: dir })).code, 0);
    const refused = async (name: string, args: string[], says: RegExp) => {
      const { code, stderr } = await task(name, args, { cwd: dir });
      assert.equal(code, 2, stderr);
      assert.match(stderr, says);
    };
    const train = (method: string) => ["--method", method, "data", "--out", "run", ...SIZES];
    await refused("train", train("fdsa"), /^error: Cannot build FDSA: it needs item features/);
    const large = [...train("sasrec"), "--dim", "16384", "--length", "10000", "--layers", "1000"];
    await refused("train", large, /^error: Cannot train: it takes about .* of memory/);
    await refused("pipeline", ["--data", "none.csv", "--out", "run"], /^error: Cannot read none.csv/);
    assert(!existsSync(join(dir, "run")));
    const both = ["--data", "log.csv", "--out", "run", ...SMALL, "--methods", "automlp,fdsa", "--quiet"];
    await refused("pipeline", both, /^error: Cannot build FDSA: it needs item features[^\n]*\n$/);
    assert(!existsSync(join(dir, "run")), "before AutoMLP was trained; the dataset was prepared for nothing");
    const prepared = ["--data", "log.csv", "--out", "run", ...SMALL, "--until", "dataset", "--quiet"];
    assert.equal((await task("pipeline", prepared, { cwd: dir })).code, 0);
    await refused("pipeline", both, /^error: Cannot build FDSA/);
    assert(existsSync(join(dir, "run", "dataset", "manifest.json")), "one that was there before stays");
    assert.equal(
      (await task("pipeline", both.map((word) => word.replace(",fdsa", "")), { cwd: dir })).code,
      0,
    );
  }));

Deno.test("pipeline --methods: others beside AutoMLP on the same data, and the test of the difference", () =>
  withFolder(async (dir) => {
    writeLog(join(dir, "log.csv"));
    const args = ["--data", "log.csv", "--out", "run", ...SMALL, "--methods", "automlp,sasrec"];
    const ran = await task("pipeline", args, { cwd: dir });
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /^SASRec +[01]\.\d/m);
    const metrics = json(join(dir, "run", "metrics.json"));
    assert.deepEqual(Object.keys(metrics.methods).slice(1), ["SASRec", "Popularity", "Item-kNN", "Markov"]);
    assert(metrics.tests.recbole["NDCG@10"].SASRec >= 0);
    assert.equal(json(join(dir, "run", "methods", "sasrec", "model", "config.json")).config.dim, 8);
    // Each run resumes with its original options, and keeps its method.
    const resume = (...more: string[]) => task("pipeline", ["run", "--resume", ...more], { cwd: dir });
    const notes = (stderr: string) => stderr.split("\n").filter((line) => line.startsWith("note: "));
    const left = (title: string) =>
      `note: Nothing is left to train of ${title}: 3 of 3 epochs are done, or it got no better; the model stays`;
    const resumed = await resume();
    assert.deepEqual([resumed.code, notes(resumed.stderr)], [0, [left("AutoMLP"), left("SASRec")]]);
    const more = await resume("--methods", "fpmc");
    assert.deepEqual([more.code, notes(more.stderr)], [0, [
      "note: The run has the methods automlp, sasrec, which stay; added: fpmc",
      ...[left("AutoMLP"), left("SASRec")],
    ]]);
    assert.deepEqual(json(join(dir, "run", "run.json")).config.data.methods, ["automlp", "sasrec", "fpmc"]);
    const fewer = await resume("--methods", "sasrec", "--until", "search");
    assert.deepEqual(notes(fewer.stderr), [
      "note: The run has the methods automlp, sasrec, fpmc, which stay",
      "note: Nothing is left to search: k = 3 stays",
    ]);
    const wrong = await task("pipeline", ["--data", "log.csv", "--out", "x", "--methods", "gru4reck"], {
      cwd: dir,
    });
    assert.match(
      wrong.stderr,
      /Cannot train "gru4reck": there is no such method \(did you mean "gru4rec"\?\)/,
    );
    const alone = await task("pipeline", ["--data", "log.csv", "--out", "x", "--methods", "sasrec"], {
      cwd: dir,
    });
    assert.match(
      alone.stderr,
      /Cannot train sasrec without automlp: .* as in --methods automlp,sasrec, or .* deno task train --method sasrec$/m,
    );
    const uneven = ["--data", "log.csv", "--out", "x", "--methods", "automlp,bert4rec", "--dim", "5"];
    const refused = await task("pipeline", uneven, { cwd: dir });
    assert.match(
      refused.stderr,
      /^error: Cannot build BERT4Rec: 2 heads cannot share 5 numbers evenly; [^\n]*\n$/,
    );
    assert(!existsSync(join(dir, "x")), "nothing was made");
  }));
