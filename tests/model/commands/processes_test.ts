/** The commands as a user starts them: as processes with their permissions, which may be stopped, killed, or find no space. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import pl from "nodejs-polars";
import { gzipSync } from "node:zlib";
import { quoted } from "../../../pipeline/terminal/quoted.ts";
import { RunFolder } from "../../../model/runs/folder.ts";
import { warningTexts } from "../../../model/views/epochs.ts";
import { appears, startTask, task } from "../../command.ts";
import { withFolder } from "../../folders.ts";
import { launched } from "../../launched.ts";
import { fromFileUrl } from "../../paths.ts";
import { eventSteps, json, weightsOf } from "../support.ts";
import { commandsIn, withLog, withRun } from "./finished.ts";
import { NETWORK, SMALL, UNSEARCHED, writeLog } from "./small.ts";

const FULL = fromFileUrl(new URL("../../full_disk.ts", import.meta.url));
const ignore = Deno.build.os === "windows";

Deno.test("pipeline: from a file to metrics and report", () =>
  withRun((dir, _commands, { stdout }) => {
    const said = JSON.parse(stdout), run = join(dir, "run");
    assert.deepEqual([said.status, said.architecture.lengths.join()], ["done", "1,3"]);
    const { methods } = json(join(run, "metrics.json")), { metrics: own } = methods.AutoMLP;
    assert.deepEqual(Object.keys(own.test).sort(), ["full", "recbole"]);
    for (const name of ["HR@10", "NDCG@10", "MRR@10"]) assert(own.test.recbole[name] > 0, name);
    assert(methods.Popularity.metrics.test.recbole["HR@10"] >= 0);
    const { seed, times, peakMemory, peakMemoryBytes } = json(join(run, "run.json"));
    assert.equal(seed, 2023);
    const phases = ["prepare", "search", "retrain", "evaluate"], peaks = Object.values<number>(peakMemory);
    assert.deepEqual([Object.keys(times), Object.keys(peakMemory)], [phases, phases]);
    assert(peaks.every((bytes) => bytes > 50e6 && bytes <= peakMemoryBytes));
    assert.equal(pl.readParquet(join(run, "per_user.parquet")).getColumn("user").nUnique(), 60);
    assert.match(Deno.readTextFileSync(join(run, "report.html")), /<svg/);
    assert.equal(RunFolder.open(run).read("trainHistory").length, 3);
    return Promise.resolve();
  }));

/** Each command that works on a run or makes one, and a file that it writes. */
const LINES: [line: string, writes?: string][] = [
  [`search run/dataset --out steps ${NETWORK} --tensorboard logs`, "steps/architecture.json"],
  ["retrain steps", "steps/model/config.json"],
  ["evaluate steps", "steps/metrics.json"],
  ["train --method fpmc run/dataset --out fpmc --epochs 1 --dim 8", "fpmc/metrics.json"],
  ["refit run", "run-refit/model/config.json"],
  ["recommend run --out lists.parquet", "lists.parquet"],
  ["report run --out page.html", "page.html"],
  ["runs ."],
  ["compare run steps --on run/dataset --html comparison.html", "comparison.html"],
  ["export run --to onnx --out onnx", "onnx/README.md"],
  ["export run/dataset --to csv --out csv", "csv/interactions.csv"],
  ["pipeline steps --resume"],
];

Deno.test("every command has the permissions that its work takes", () =>
  withRun(async (dir) => {
    const { ran } = commandsIn(dir, task);
    for (const [line, writes] of LINES) {
      const { stdout } = await ran(line);
      assert.notEqual(stdout, "", line);
      if (writes !== undefined) assert(existsSync(join(dir, writes)), line);
    }
    assert.deepEqual(await weightsOf(join(dir, "steps")), await weightsOf(join(dir, "run")));
  }));

Deno.test("recommend: a user whom the dataset dropped is served by what the source has, with no more permissions", () =>
  withLog(async (dir) => {
    const log = Deno.readTextFileSync(join(dir, "log.csv")) + "short,i3,1\nshort,i7,0\n";
    Deno.writeFileSync(join(dir, "log.csv.gz"), gzipSync(log));
    const { ran, refused } = commandsIn(dir, task), asked = "recommend run --k 18 --json";
    await ran(`pipeline --data log.csv.gz --out run ${SMALL.join(" ")}`);
    const said = JSON.parse((await ran(`${asked} --users short`)).stdout);
    assert.deepEqual(said.warnings, [
      "1 user was dropped when the dataset was prepared (short): recommendations use their 2 interactions",
    ]);
    Deno.writeTextFileSync(join(dir, "new.csv"), "i7,i3\n");
    const itemsOf = ({ recommendations }: { recommendations: { item: string }[] }) =>
      recommendations.map(({ item }) => item);
    assert.deepEqual(
      itemsOf(said),
      itemsOf(JSON.parse((await ran(`${asked} --histories new.csv`)).stdout)),
      "oldest first",
    );
    Deno.removeSync(join(dir, "log.csv.gz"));
    await refused(
      `${asked} --users short`,
      /Cannot find user "short" .*: users with fewer than 10 interactions were left out of it, and .*log\.csv\.gz: no such file/,
    );
  }));

/** A training of 16 epochs; most interactions of the log are repeats, which are said nothing of. */
const long = (out: string) =>
  `pipeline --data log.csv --out ${out} ${UNSEARCHED.join(" ")} --search none --short 3 ` +
  "--epochs 16 --patience 16 --until retrain --quiet --keep-seen";

const started = (line: string, cwd: string) => {
  const [name, ...args] = line.split(" ");
  return startTask(name, args, { cwd });
};

Deno.test({
  name: "pipeline: stopped by a signal in training, it says how to continue, and ends with the same weights",
  ignore,
  fn: () =>
    withLog(async (dir, { ran }) => {
      await ran(long("whole"));
      for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const) {
        const work = started(long(signal), dir);
        await appears(join(dir, signal, "checkpoint", "train.safetensors"));
        work.signal(signal);
        const { stderr, ...stopped } = await work.ended;
        assert.deepEqual(stopped, { code, stdout: "" }, stderr);
        assert.match(
          stderr,
          /^error: ([^\n]*\(?SIG(TERM|HUP)\)?: s|S)topped while training, [^\n]* kept; to continue: deno task pipeline SIG[A-Z]+ --resume\n$/,
        );
        assert.equal(stderr.startsWith("error: Stopped"), signal === "SIGINT");
        assert.equal(json(join(dir, signal, "run.json")).status, "interrupted");
        if (signal === "SIGTERM") await takesTheBestSoFar(signal, dir);
        await ran(`pipeline ${signal} --resume`);
        assert.deepEqual(json(join(dir, signal, "run.json")).warnings, []);
        assert.deepEqual(await weightsOf(join(dir, signal)), await weightsOf(join(dir, "whole")));
      }
    }),
});

/** After a stop, the best weights so far are evaluated and recommend, with a message; nothing is trained. */
async function takesTheBestSoFar(run: string, dir: string): Promise<void> {
  const { ran } = commandsIn(dir), history = join(dir, run, "train", "history.jsonl");
  const before = Deno.readTextFileSync(history), weights = await weightsOf(join(dir, run));
  const epochs = before.trimEnd().split("\n").map((line) => JSON.parse(line));
  const remark = new RegExp(
    `Training has not come to its end \\([\\d.]+ of 16 epochs\\): the model is that of epoch ${
      epochs.findLast(({ best }) => best).epoch
    }, the best so far; to resume: deno task retrain ${run}`,
  );
  const lines = [`recommend ${run} --users u1`, `export ${run} --to onnx --out onnx`, `evaluate ${run}`];
  for (const line of [...lines, `recommend ${run}`]) {
    const { stdout, stderr } = await ran(`${line} --json`);
    assert.match(stderr, remark);
    assert.match(JSON.parse(stdout).warnings.join(), remark);
  }
  const facts = json(join(dir, run, "run.json"));
  assert.equal(facts.status, "done");
  assert.match(warningTexts(facts).join(), remark);
  assert.match(Deno.readTextFileSync(join(dir, run, "report.html")), /Training has not come to its end/);
  assert.equal(Deno.readTextFileSync(history), before);
  assert.deepEqual(await weightsOf(join(dir, run)), weights);
}

Deno.test({
  name: "pipeline: where the launcher alone is killed, the work stops with everything saved",
  ignore,
  fn: () =>
    withLog(async (dir) => {
      const work = started(`${long("run")} --epochs 100000 --patience 100000`, dir);
      await appears(join(dir, "run", "checkpoint", "train.safetensors"));
      Deno.kill(work.pid, "SIGKILL");
      const { stderr } = await work.ended; // of both processes: they share it
      assert.match(
        stderr,
        /^error: The terminal or program that started this has ended \(SIGHUP\): stopped while/,
      );
      assert.equal(json(join(dir, "run", "run.json")).status, "interrupted");
    }),
});

Deno.test("pipeline: killed in the search or in the training and resumed, it ends with the weights of an uninterrupted run", () =>
  withLog(async (dir, { ran }) => {
    const job = (out: string) =>
      `pipeline --data log.csv --out ${out} ${SMALL.join(" ")} --until retrain --quiet`;
    await ran(job("whole"));
    for (const phase of ["search", "train"]) {
      const out = `cut-${phase}`, line = `${job(out)} --tensorboard logs/${out}`;
      const work = started(line, dir);
      await appears(join(dir, out, "checkpoint", `${phase}.safetensors`));
      work.signal("SIGKILL");
      assert.equal((await work.ended).code, 137);
      await ran(`${line} --resume`);
      assert.deepEqual(await weightsOf(join(dir, out)), await weightsOf(join(dir, "whole")));
      const run = RunFolder.open(join(dir, out)), logs = join(dir, "logs", out);
      const stepsOf = (history: { step: number }[]) => history.map(({ step }) => step);
      const searched = stepsOf(run.read("searchHistory")), trained = stepsOf(run.read("trainHistory"));
      const message = "no event is missing, none is there twice";
      assert.deepEqual(eventSteps(join(logs, "search")).flat(), searched, message);
      assert.deepEqual(eventSteps(join(logs, "train")).flat(), [0, ...trained, trained.at(-1)], message);
    }
  }, 150));

Deno.test({
  name:
    "pipeline: where the disk is full in training, it says how to continue, and ends with the same weights",
  ignore,
  fn: () =>
    withFolder(async (temporary) => {
      const dir = Deno.realPathSync(temporary),
        at = (name: string) => join(dir, name),
        { ran } = commandsIn(dir, task);
      writeLog(at("log.csv"));
      const line = (out: string) =>
        `pipeline --data ${at("log.csv")} --out ${at(out)} ${UNSEARCHED.join(" ")} --search none --short 3 ` +
        "--until retrain --keep-seen --engine cpu --quiet";
      await ran(line("whole"));
      const { code, stderr } = await launched("pipeline", line("run").split(" ").slice(1), {
        preload: FULL,
        env: { AUTOMLP_FULL: ".train.safetensors." },
      });
      assert.deepEqual({ code, stderr }, {
        code: 2,
        stderr:
          `error: Cannot write ${
            at("run/checkpoint/train.safetensors")
          }: No space left on device (os error 28); ` +
          `free some space; to continue: deno task pipeline ${quoted(at("run"))} --resume\n`,
      });
      assert.equal(json(at("run/run.json")).format, "automlp-run");
      await ran(`pipeline ${at("run")} --resume --engine cpu --quiet`);
      assert.deepEqual(await weightsOf(at("run")), await weightsOf(at("whole")));
    }),
});
