/** A job's event files, as the `tensorboard` package reads them. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { describedMethod } from "../../../model/experiment/method_options.ts";
import { runMethods } from "../../../model/experiment/methods.ts";
import { Budget } from "../../../model/experiment/cost.ts";
import { jobSchema } from "../../../model/experiment/options.ts";
import type { JobInput } from "../../../model/experiment/job_options.ts";
import { runJob } from "../../../model/experiment/job.ts";
import { RunFolder } from "../../../model/runs/folder.ts";
import { withFolder } from "../../folders.ts";
import { hasModules, runPython } from "../../pipeline/export/python.ts";
import { PLANTED_SIZES, plantedDataset } from "../planted.ts";
import { refused } from "../support.ts";

const OPTIONS = {
  ...PLANTED_SIZES,
  dropout: 0,
  searchEpochs: 3,
  batchSize: 64,
  rate: 0.01,
  epochs: 3,
  metric: "HR@1",
  protocol: "full",
  ks: [1],
} satisfies JobInput;

/** What `tests/python/read_events.py` prints. */
interface Read {
  runs: Record<string, {
    scalars: Record<string, [step: number, value: number, wallTime: number][]>;
    histograms: Record<string, [step: number, limits: number[], counts: number[]][]>;
  }>;
  hparams: string[];
  sessions: {
    name: string;
    status: number;
    hparams: Record<string, unknown>;
    metrics: Record<string, number>;
  }[];
}

const read = (folder: string) => runPython<Read>("read_events.py", folder);
/** Pairs of step and value, in single precision, without missing values. */
const points = (pairs: [number, number | undefined][]) =>
  pairs.flatMap(([step, value]) => Number.isFinite(value) ? [[step, Math.fround(value!)]] : []);
const shown = (points: [number, number, number][]) => points.map(([step, value]) => [step, value]);

const there = hasModules("tensorboard");
const test = (name: string, fn: () => Promise<void>) =>
  Deno.test({
    name: `${name}${there ? "" : " (ignored: Python without tensorboard; set AUTOMLP_PYTHON)"}`,
    ignore: !there,
    fn,
  });

test("TensorBoard shows what the histories of search and training say, and the options", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 40 }), logs = join(dir, "logs");
    const options: JobInput = { ...OPTIONS, schedule: "cosine", tensorboard: logs };
    const started = Date.now() / 1000;
    const { run } = await runJob(dataset, options, { out: join(dir, "run"), seed: 1 });
    const { runs, sessions } = read(logs),
      searched = run.read("searchHistory"),
      trained = run.read("trainHistory");
    assert.deepEqual(Object.keys(runs), ["search", "train"]);

    const { scalars, histograms } = runs.search;
    assert.deepEqual(
      Object.keys(scalars).sort(),
      ["entropy", "probability/k=1", "probability/k=3", "trainLoss", "validationLoss"],
    );
    for (const tag of ["entropy", "trainLoss", "validationLoss"] as const) {
      assert.deepEqual(
        shown(scalars[tag]),
        points(searched.map((record) => [record.step, record[tag]])),
        tag,
      );
    }
    assert.deepEqual(
      shown(scalars["probability/k=3"]),
      points(searched.map(({ step, probabilities }) => [step, probabilities[1]])),
    );
    assert.deepEqual(
      histograms.shortTermLength,
      searched.map(({ step, probabilities: [one, three] }) => [step, [1.5, 2.5, 3.5], [one, 0, three]]),
    );

    const curves = runs.train.scalars;
    assert.deepEqual(
      shown(curves["validation/HR@1"]),
      points(trained.map(({ step, metrics }) => [step, metrics["HR@1"]])),
    );
    for (const tag of ["loss", "examplesPerSecond", "rate"] as const) {
      assert.deepEqual(shown(curves[tag]), points(trained.map((record) => [record.step, record[tag]])), tag);
    }
    const rates = curves.rate.map(([, rate]) => rate);
    assert(rates.every((rate, i) => rate < (i > 0 ? rates[i - 1] : OPTIONS.rate)), "it follows the schedule");
    const times = [scalars, curves].flatMap(({ trainLoss, loss }) =>
      (trainLoss ?? loss).map(([, , time]) => time)
    );
    assert.deepEqual(times, times.toSorted((a, b) => a - b));
    assert(
      started <= times[0] && times.at(-1)! <= Date.now() / 1000,
      "each has the time at which it was made",
    );

    const best = trained.findLast((record) => record.best)!;
    const [session] = sessions;
    assert.deepEqual([sessions.length, session.name, session.status], [1, "train", 1], "it came to its end");
    assert.equal(session.metrics["best/HR@1"], Math.fround(best.metrics["HR@1"]));
    const { method, rate, lengths, schedule, warmStart, seed } = session.hparams;
    assert.deepEqual(
      { method, rate, lengths, schedule, warmStart, seed },
      { method: "AutoMLP", rate: 0.01, lengths: "1,3", schedule: "cosine", warmStart: false, seed: 1 },
    );
    assert(!("tensorboard" in session.hparams), "no place is among them");
  }));

test("a run that is resumed goes on in the same folder, and no step comes twice", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 40 }),
      logs = join(dir, "logs"),
      out = join(dir, "run");
    const job = (more: JobInput) => runJob(dataset, { ...OPTIONS, ...more }, { out, seed: 1 });
    await job({ until: "search" });
    await job({ resume: true, until: "retrain", epochs: 1, tensorboard: logs });
    await job({ resume: true, until: "retrain", epochs: 2 });
    await job({ resume: true, epochs: 3, tensorboard: logs });
    await job({ resume: true, epochs: 3, tensorboard: logs });
    const { runs } = read(logs), run = RunFolder.open(out);
    const steps = (run: string, tag: string) => runs[run].scalars[tag].map(([step]) => step);
    assert.deepEqual(steps("train", "loss"), run.read("trainHistory").map(({ step }) => step));
    assert.deepEqual(
      steps("search", "trainLoss"),
      run.read("searchHistory").map(({ step }) => step),
      "of the search, too, which was made when nobody asked for it",
    );
    await refused(
      () => runJob(dataset, { ...OPTIONS, tensorboard: logs }, { out: join(dir, "other"), seed: 1 }),
      /^Cannot write events to .*logs: it holds those of another run; give each run a folder of its own/,
    );
    assert.throws(() => Deno.statSync(join(dir, "other")), "what was refused leaves no run");
  }));

test("an exhaustive search shows each candidate's training", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 40 }), logs = join(dir, "logs");
    const options: JobInput = { ...OPTIONS, search: "exhaustive", epochs: 2, tensorboard: logs };
    const { run } = await runJob(dataset, options, { out: join(dir, "run"), seed: 1 });
    const { runs } = read(logs), winner = `search/k=${run.read("architecture")!.shortTermLength}`;
    assert.deepEqual(Object.keys(runs), ["search/k=1", "search/k=3", "train"]);
    assert.deepEqual(shown(runs[winner].scalars.loss), shown(runs.train.scalars.loss));
  }));

test("of several methods each has a folder, and the table of options has those of all", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 40 }),
      out = join(dir, "run"),
      logs = join(dir, "logs");
    const given = { ...OPTIONS, epochs: 1, searchEpochs: 1, tensorboard: logs };
    await runMethods(dataset, {
      options: jobSchema.parse(given),
      given,
      others: [describedMethod("sasrec")],
      out,
      data: {},
      budget: Budget.of(undefined),
    }, { seed: 1 });
    const { runs, sessions, hparams } = read(logs);
    assert.deepEqual(
      Object.keys(runs),
      ["methods/sasrec/train", "search", "train"],
    );
    assert.deepEqual(sessions.map(({ hparams }) => hparams.method).sort(), ["AutoMLP", "SASRec"]);
    assert(hparams.includes("heads") && hparams.includes("channelHidden"), hparams.join());
  }));
