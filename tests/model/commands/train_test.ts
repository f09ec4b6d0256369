/** Methods other than AutoMLP, as a user trains and compares them. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { presetFor } from "../../../model/experiment/method_options.ts";
import { json, weightsOf } from "../support.ts";
import { type Commands, withLog } from "./finished.ts";
import { FEW, SMALL, writeLog } from "./small.ts";

const SIZES = "--length 12 --dim 8 --layers 1 --epochs 2 --batch-size 8 --rate 0.01";

/** A log, and the dataset `data` that is made of it. */
const withData = (test: (dir: string, commands: Commands) => Promise<void>) =>
  withLog(async (dir, commands) => {
    await commands.ran(`prepare --data log.csv --out data ${FEW}`);
    await test(dir, commands);
  });

Deno.test("train: a method on a dataset, evaluated, recommending, and resumed to the same weights", () =>
  withData(async (dir, { ran, refused }) => {
    const train = (out: string, more = "") => ran(`train --method sasrec data --out ${out} ${SIZES}${more}`);
    const modelOf = (run: string) => json(join(dir, run, "model", "config.json"));
    assert.equal(JSON.parse((await train("run", " --json")).stdout).status, "done");
    const metrics = json(join(dir, "run", "metrics.json")), baselines = ["Popularity", "Item-kNN", "Markov"];
    assert.deepEqual(Object.keys(metrics.methods), ["SASRec", ...baselines]);
    assert.deepEqual([metrics.method, Object.keys(metrics.tests.recbole["HR@10"])], ["SASRec", baselines]);
    const { method, config: { dim, heads } } = modelOf("run");
    assert.deepEqual([method, dim, heads], ["sasrec", 8, 1]);
    assert.match(Deno.readTextFileSync(join(dir, "run", "report.html")), /<title>SASRec on log<\/title>/);
    assert(!existsSync(join(dir, "run", "architecture.json")), "nothing was searched");
    await ran("evaluate run --ks 1,3 --json");
    assert.match((await ran("recommend run --users u7 --k 2")).stdout, /^user,rank,item,score\nu7,1,i\d+,/);

    // The file that tuning writes names the method, and the method's options are known with it.
    Deno.writeTextFileSync(join(dir, "best.yaml"), "method: sasrec\nheads: 2\n");
    await ran(`train --config best.yaml data --out tuned ${SIZES} --until retrain --dim 4`);
    assert.deepEqual([modelOf("tuned").config.dim, modelOf("tuned").config.heads], [4, 2]);

    // So do presets; given options override them.
    await ran(
      "train --method gru4rec --preset ml-100k data --out preset --length 12 --dim 4 --epochs 1 --until retrain",
    );
    const network = modelOf("preset").config;
    assert.deepEqual([network.dim, network.hidden], [4, presetFor("ml-100k", "gru4rec").hidden]);
    await refused(
      "train --method gru4rec --preset demo data --out x",
      /The preset demo says nothing of gru4rec; it has options of automlp$/,
    );

    // The folder is enough to resume; other given options are compared.
    await train("half", " --until retrain --epochs 1 --dropout 0");
    await train("whole", " --until retrain --dropout 0");
    const cases: [line: string, says: RegExp][] = [
      [
        "train --resume --out half --heads 2 --seed 7",
        /Cannot resume half: it was begun with other options \(--seed 2023, now 7; --heads 1, now 2\); give the same/,
      ],
      [
        "train --resume --out half --method fpmc",
        /Cannot resume half: it was begun with other options \(--method "sasrec", now "fpmc"\); give/,
      ],
      ["train --resume half --head 2", /--head \(did you mean --heads\?\)/],
      [
        "train --resume --out none",
        /Cannot resume none: there is no run in it that records its options; give them again$/,
      ],
      [
        "search --out half --resume",
        /Cannot resume half: it is a run of SASRec alone; continue with deno task train half --resume$/,
      ],
    ];
    for (const [line, says] of cases) await refused(line, says);
    await ran("train --resume half --epochs 2 --quiet");
    assert.deepEqual(await weightsOf(join(dir, "half")), await weightsOf(join(dir, "whole")));
    assert(existsSync(join(dir, "half", "metrics.json")), "it went on to its end");
    await ran("train --resume data --out=half --method sasrec --quiet"); // the same again
  }));

Deno.test("--start-from: a new log begins with the weights of the run before, and with its method and options", () =>
  withLog(async (dir, { ran, refused }) => {
    writeLog(join(dir, "later.csv"), 70);
    // The interactions of the next day.
    const later = Array.from({ length: 70 }, (_, u) => `u${u},i${u % 20},24\nu${u},new,25\n`).join("");
    Deno.writeTextFileSync(join(dir, "later.csv"), later, { append: true });
    for (const day of ["log", "later"]) await ran(`prepare --data ${day}.csv --out ${day} ${FEW}`);
    await ran(`train --method sasrec log --out sasrec ${SIZES} --seed 3`);
    await ran("train --start-from sasrec later --out next --until retrain --epochs 1");
    const { config: { method, network, training }, seed, command } = json(join(dir, "next", "run.json"));
    assert.match(
      Deno.readTextFileSync(join(dir, "next", "report.html")),
      /It began with the weights of [^ ]*sasrec\. 1 epoch/,
    );
    assert.deepEqual([method, network.dim, training.rate, training.epochs], ["sasrec", 8, 0.01, 1]);
    assert.equal(seed, 2023, "each run has a seed of its own");
    assert.match(command, /--start-from sasrec/);
    await ran("train next --resume");
    await refused(
      "train --start-from log later --out x",
      /Cannot open the run log: it is a dataset; give another folder$/,
    );

    await ran(`pipeline --data log.csv ${SMALL.join(" ")} --methods automlp,sasrec --out whole`);
    const again = "pipeline --dataset later --start-from whole --epochs 1";
    await ran(`${again} --methods automlp,sasrec --out again`);
    const kept = (run: string) => json(join(dir, run, "architecture.json")).shortTermLength;
    assert.equal(kept("again"), kept("whole"));
    assert(!existsSync(join(dir, "again", "search")), "nothing was searched");
    const { config: other } = json(join(dir, "again", "methods", "sasrec", "run.json"));
    assert.match(other.training.startFrom, /whole.methods.sasrec$/);
    await ran("pipeline again --resume");
    await refused(
      `${again} --out y --methods automlp,fpmc`,
      /Cannot start FPMC from .*whole: it was not trained there; leave it out of --methods, or train it by itself$/,
    );
  }));

Deno.test("what is refused before anything is computed is said in one line, and leaves no run in the way", () =>
  withData(async (dir, { ran, refused }) => {
    const train = (method: string) => `train --method ${method} data --out run ${SIZES}`;
    const both = `pipeline --data log.csv --out run ${SMALL.join(" ")} --methods automlp,fdsa --quiet`;
    const cases: [line: string, says: RegExp][] = [
      ["train", /^error: Which method\? Name it with --method: .*sasrec/],
      [
        "train --method sasrek d",
        /^error: Cannot train "sasrek": there is no such method \(did you mean "sasrec"\?\); there are bert4rec, /,
      ],
      [
        "train --method automlp d",
        /^error: AutoMLP is searched before it is trained: deno task pipeline does both/,
      ],
      ["train --method sasrec d --out r --head 2", /Unknown option --head \(did you mean --heads\?\)/],
      ["train --method sasrec d --out r --dim -3", /--dim does not fit/],
      ["train --method sasrec", /Which dataset\? Name its folder with --dataset DIR/],
      ["train --method sasrec d", /Name the run folder with --out/],
      ["train --method sasrec d --out r", /Cannot open the dataset d: there is no such folder/],
      [train("fdsa"), /^error: Cannot build FDSA: it needs item features/],
      [
        `${train("sasrec")} --dim 16384 --length 10000 --layers 1000`,
        /^error: Cannot train: it takes about .* of memory/,
      ],
      [both, /^error: Cannot build FDSA: it needs item features/],
    ];
    for (const [line, says] of cases) await refused(line, says);
    assert(!existsSync(join(dir, "run")), "before AutoMLP was trained; the dataset was prepared for nothing");
    await ran(`pipeline --data log.csv --out run ${SMALL.join(" ")} --until dataset --quiet`);
    await refused(both, /^error: Cannot build FDSA/);
    assert(existsSync(join(dir, "run", "dataset", "manifest.json")), "one that was there before stays");
    await ran(both.replace(",fdsa", ""));
  }));

Deno.test("pipeline --methods: others beside AutoMLP on the same data, and the test of the difference", () =>
  withLog(async (dir, { ran }) => {
    const { stdout } = await ran(
      `pipeline --data log.csv --out run ${SMALL.join(" ")} --methods automlp,sasrec`,
    );
    assert.match(stdout, /^SASRec +[01]\.\d/m);
    const { methods, tests } = json(join(dir, "run", "metrics.json"));
    assert.deepEqual(Object.keys(methods).slice(1), ["SASRec", "Popularity", "Item-kNN", "Markov"]);
    assert(tests.recbole["NDCG@10"].SASRec >= 0);
    assert.equal(json(join(dir, "run", "methods", "sasrec", "model", "config.json")).config.dim, 8);
    // Each run resumes with its original options, and keeps its method.
    const notes = async (options = "") =>
      (await ran(`pipeline run --resume${options}`)).stderr.split("\n")
        .filter((line) => line.startsWith("note: ")).map((line) => line.slice(6));
    const left = ["AutoMLP", "SASRec"].map((title) =>
      `Nothing is left to train of ${title}: 3 of 3 epochs are done, or it got no better; the model stays`
    );
    assert.deepEqual(await notes(), left);
    assert.deepEqual(await notes(" --methods fpmc"), [
      "The run has the methods automlp, sasrec, which stay; added: fpmc",
      ...left,
    ]);
    assert.deepEqual(json(join(dir, "run", "run.json")).config.data.methods, ["automlp", "sasrec", "fpmc"]);
    assert.deepEqual(await notes(" --methods sasrec --until search"), [
      "The run has the methods automlp, sasrec, fpmc, which stay",
      "Nothing is left to search: k = 3 stays",
    ]);
  }));
