/** Resuming a run: with its original options, after a kill, on another engine. */
import assert from "node:assert/strict";
import { warningTexts } from "../../../model/views/epochs.ts";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { RunFolder } from "../../../model/runs/folder.ts";
import { appears, startTask, task } from "../../command.ts";
import { withFolder } from "../../folders.ts";
import { eventSteps, json, weightsOf } from "../support.ts";
import { MADE_BY, refusedInOneLine, withRun } from "./finished.ts";
import { SMALL, writeLog } from "./small.ts";

Deno.test("pipeline: a run that is there is resumed if that is said, and with the options it was begun with", () =>
  withRun(async (dir) => {
    const pipeline = (...more: string[]) => task("pipeline", [...MADE_BY, ...more], { cwd: dir });
    refusedInOneLine(
      await pipeline(),
      /There is a run in run already: resume it with --resume, or give another folder/,
    );
    refusedInOneLine(
      await pipeline("--resume", "--dropout", "0.5"),
      /Cannot resume run: it was begun with other options \(--dropout 0.2, now 0.5\); give the same ones/,
    );
  }));

Deno.test("pipeline: to resume, the folder is enough; what is given beside it is compared", () =>
  withRun(async (dir) => {
    const resume = (...more: string[]) => task("pipeline", ["run", "--resume", ...more], { cwd: dir });
    const before = await weightsOf(join(dir, "run"));
    const { code, stderr } = await resume("--quiet");
    assert.equal(code, 0, stderr);
    assert.deepEqual(await weightsOf(join(dir, "run")), before);
    refusedInOneLine(await resume("--dim", "9"), /begun with other options \(--dim 8, now 9\)/);
    refusedInOneLine(
      await resume("--keep-seen", "--targets-per-history", "2"),
      /begun with other options \(--keep-seen false, now true; --targets-per-history 1, now 2\)/,
    );
    refusedInOneLine(
      await resume("--layers", "2", "--loss", "bpr"),
      /begun with other options \(--layers 1, now 2; --loss "ce", now "bpr"\); give/,
    );
    const asItIs = ["--long-layers", "1", "--search", "shared"];
    const named = await resume(...asItIs, "--quiet");
    assert.equal(named.code, 0, named.stderr);
    // A single step in between keeps what is known about the data.
    assert.equal((await task("evaluate", ["run", "--quiet"], { cwd: dir })).code, 0);
    assert.equal((await resume("--quiet")).code, 0);
    refusedInOneLine(
      await task("pipeline", ["--out", "none", "--resume"], { cwd: dir }),
      /Cannot resume none: there is no run in it that records its options; give them again/,
    );
  }));

Deno.test("pipeline: whatever a resumed run is given again and had otherwise is named: refused, or taken with a line", () =>
  withRun(async (dir) => {
    const resume = (...more: string[]) => task("pipeline", ["run", "--resume", ...more], { cwd: dir });
    const record = () => json(join(dir, "run", "run.json")), made = record();
    refusedInOneLine(
      await resume("--preset", "demo"),
      /begun with other options \(--batch-size 64, now 256; --dim 8, now 64; --length 12, now 30; --lengths 1,3, now 1,2,3,5,10; --rate 0.01, now 0.003\); give/,
    );
    refusedInOneLine(
      await resume("--epochs", "2"),
      /^error: Cannot resume run with --epochs 2: 3 are done already; give --epochs 3 or more$/,
    );
    assert.deepEqual(record(), made);
    const said = async (...more: string[]) => {
      const { code, stderr } = await resume("--until", "retrain", ...more);
      assert.equal(code, 0, stderr);
      return stderr.split("\n").filter((line) => line.includes("other options"));
    };
    const taken = ["--epochs", "4", "--patience", "7", "--budget", "5m"];
    assert.deepEqual(await said(...taken), [
      "note: AutoMLP is resumed with other options than before: --epochs 3, now 4; --patience 10, now 7; --budget none, now 300",
    ]);
    assert.deepEqual([record().config.training.epochs, record().config.training.patience], [4, 7]);
    assert.deepEqual(await said(...taken), [], "the same again");
    assert.deepEqual(await said("--ks", "20,10,5"), []);
    // It is recorded even if it has no effect.
    assert.match((await said("--patience", "9")).join(), /: --patience 7, now 9$/);
    assert.equal(record().config.training.patience, 9);
  }));

Deno.test("what finds nothing to do leaves the record and times of a run as they were; an evaluation takes the place of the one before", () =>
  withRun(async (dir) => {
    const record = () => json(join(dir, "run", "run.json")), made = record();
    const ran = async (name: string, ...args: string[]) => {
      const { code, stderr } = await task(name, ["run", "--quiet", ...args], { cwd: dir });
      assert.equal(code, 0, stderr);
      return record();
    };
    const metrics = join(dir, "run", "metrics.json"), before = Deno.readTextFileSync(metrics);
    assert.deepEqual(await ran("pipeline", "--resume"), made);
    assert.deepEqual(await ran("retrain"), made);
    assert.equal(Deno.readTextFileSync(metrics), before);

    // As if the first had taken an hour.
    const folder = RunFolder.open(join(dir, "run")), facts = folder.readRun()!;
    await folder.writeRun({ ...facts, times: { ...facts.times, evaluate: 3600 } });
    const { times, sessions } = await ran("evaluate");
    assert.ok(times.evaluate < 3600, "it is not added");
    assert.deepEqual({ ...times, evaluate: 0 }, { ...made.times, evaluate: 0 });
    assert.deepEqual(sessions.map(({ command }: { command: string }) => command.split(" ")[2]), [
      "pipeline",
      "evaluate",
    ]);

    // Figures that are missing, or for other cutoffs, are computed.
    Deno.removeSync(join(dir, "run", "per_user.parquet"));
    assert.equal((await ran("pipeline", "--resume")).sessions.length, 3);
    assert.equal((await ran("pipeline", "--resume", "--ks", "1,3")).sessions.length, 4);
    assert.ok("HR@3" in json(metrics).methods.AutoMLP.metrics.test.recbole);
    assert.equal((await ran("pipeline", "--resume", "--ks", "3,1")).sessions.length, 4);
  }));

Deno.test("to resume, a run is named as the command's word or with --out; what else a word may be is said", () =>
  withRun(async (dir) => {
    const cases: [name: string, args: string[], says: RegExp][] = [
      [
        "pipeline",
        ["none", "--resume"],
        /^error: Cannot open the run none: there is no such folder; make one/,
      ],
      [
        "pipeline",
        ["run/dataset", "--resume"],
        /^error: Cannot open the run run\/dataset: it is a dataset; give/,
      ],
      [
        "search",
        [".", "--resume"],
        /^error: Cannot open the run \.: it holds runs, .* as run \(deno task runs lists/,
      ],
      [
        "train",
        ["run", "two", "--resume"],
        /^error: Two runs are named, run and two: name one, as in deno task train runs\/mine --resume$/,
      ],
      [
        "pipeline",
        ["run", "--out", "two", "--resume", "--data", "log.csv"],
        /^error: Unexpected "run": files are/,
      ],
      [
        "train",
        ["run", "--resume"],
        /^error: Cannot resume run: it is a run of AutoMLP; continue with deno task pipeline run --/,
      ],
      ...["pipeline", "search"].map((name): [string, string[], RegExp] => [
        name,
        ["run"],
        /^error: There is a run in run already: resume it with --resume, or give another folder, as in --out run-2$/,
      ]),
      [
        "pipeline",
        ["log.csv"],
        /^error: Unexpected "log\.csv": files are named with --data, a prepared dataset with/,
      ],
      ["pipeline", ["run/dataset", "log.csv"], /^error: Unexpected "run\/dataset"/],
    ];
    for (const [name, args, says] of cases) refusedInOneLine(await task(name, args, { cwd: dir }), says);
    for (const args of [["run", "--out", "run"], ["--", "run"]]) {
      const { code, stderr } = await task("pipeline", ["--resume", "--quiet", ...args], { cwd: dir });
      assert.equal(code, 0, stderr);
    }
  }));

Deno.test("search: to resume, the folder is enough, whichever command began it", () =>
  withRun(async (dir) => {
    const sizes = SMALL.slice(0, -6), options = [...sizes, "--metric", "HR@1", "--seed", "7"];
    const ran = async (name: string, ...args: string[]) => {
      const done = await task(name, [...args, "--quiet"], { cwd: dir });
      assert.equal(done.code, 0, done.stderr);
    };
    await ran("search", "run/dataset", "--out", "searched", ...options);
    const before = Deno.readTextFileSync(join(dir, "searched", "architecture.json"));
    await ran("search", "searched", "--resume");
    assert.equal(Deno.readTextFileSync(join(dir, "searched", "architecture.json")), before);
    await ran("search", "--out", "run", "--resume");
    await ran("pipeline", "searched", "--resume", "--until", "retrain");
    refusedInOneLine(
      await task("search", ["--out", "searched", "--resume", "--dim", "9"], { cwd: dir }),
      /Cannot resume searched: it was begun with other options \(--dim 8, now 9\)/,
    );
    refusedInOneLine(
      await task("train", ["searched", "--resume"], { cwd: dir }),
      /Cannot resume searched: it is a run of AutoMLP; continue with deno task pipeline searched --resume$/,
    );
  }));

Deno.test("pipeline: a run's dataset is left as it is, whatever is asked for or has become of its source", () =>
  withRun(async (dir) => {
    const hash = (run: string) => json(join(dir, run, "dataset", "manifest.json")).hash, before = hash("run");
    const filtered = [...MADE_BY, "--min-user", "3"];
    refusedInOneLine(await task("pipeline", filtered, { cwd: dir }), /There is a run in run already/);
    refusedInOneLine(
      await task("pipeline", [...filtered, "--resume"], { cwd: dir }),
      /Cannot resume run: Cannot use the dataset run\/dataset: option --min-user changed \(10, now 3\)/,
    );
    refusedInOneLine(
      await task("pipeline", [...filtered, "--min-item", "2", "--resume"], { cwd: dir }),
      /: options --min-user changed \(10, now 3\), --min-item changed \(0, now 2\) since it was prepared; give what/,
    );
    assert.equal(hash("run"), before);

    Deno.renameSync(join(dir, "run"), join(dir, "moved"));
    Deno.writeTextFileSync(join(dir, "log.csv"), "u1,i1,9\n", { append: true });
    const changed = ["--data", "log.csv", "--out", "moved", ...SMALL, "--resume"];
    refusedInOneLine(
      await task("pipeline", changed, { cwd: dir }),
      /Cannot resume moved: .*log.csv changed since it was/,
    );
    assert.equal(hash("moved"), before);
  }));

Deno.test("pipeline: a run goes on where what its dataset was made of is not there, unless that is named", () =>
  withRun(async (dir) => {
    const weights = await weightsOf(join(dir, "run"));
    Deno.renameSync(join(dir, "run"), join(dir, "moved"));
    Deno.removeSync(join(dir, "log.csv"));
    Deno.removeSync(join(dir, "moved", "report.html"));
    const resume = (...more: string[]) => task("pipeline", ["moved", "--resume", ...more], { cwd: dir });
    const { code, stderr } = await resume();
    assert.equal(code, 0, stderr);
    assert.match(
      stderr,
      /^note: log\.csv is not there: the dataset of the run is taken as it was prepared$/m,
    );
    assert.deepEqual(await weightsOf(join(dir, "moved")), weights);
    assert(existsSync(join(dir, "moved", "report.html")));
    refusedInOneLine(await resume("--data", "log.csv"), /^error: Cannot read log\.csv: no such file$/);
    refusedInOneLine(await resume("--min-user", "3"), /option --min-user changed \(10, now 3\)/);
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
      const out = `cut-${phase}`, logs = join(dir, "logs", out), events = ["--tensorboard", logs];
      const started = startTask("pipeline", [...args(out), ...events], { cwd: dir });
      await appears(join(dir, out, "checkpoint", `${phase}.safetensors`));
      started.signal("SIGKILL");
      assert.equal((await started.ended).code, 137);
      const resumed = await task("pipeline", [...args(out), ...events, "--resume"], { cwd: dir });
      assert.equal(resumed.code, 0, resumed.stderr);
      assert.deepEqual(await weightsOf(join(dir, out)), await weightsOf(join(dir, "whole")));
      const run = RunFolder.open(join(dir, out)),
        stepsOf = (history: { step: number }[]) => history.map(({ step }) => step);
      const searched = stepsOf(run.read("searchHistory")), trained = stepsOf(run.read("trainHistory"));
      assert.deepEqual(
        eventSteps(join(logs, "search")).flat(),
        searched,
        "no event is missing, none is there twice",
      );
      assert.deepEqual(eventSteps(join(logs, "train")).flat(), [0, ...trained, trained.at(-1)]);
    }
  }));

Deno.test("resume: another engine is a warning that stays on record; --strict refuses it", () =>
  withFolder(async (dir) => {
    writeLog(join(dir, "log.csv"));
    const run = (...args: string[]) =>
      task("pipeline", ["--data", "log.csv", "--out", "run", ...SMALL, ...args], { cwd: dir });
    const begun = await run("--until", "search", "--engine", "cpu");
    assert.equal(begun.code, 0, begun.stderr);
    const before = Deno.readTextFileSync(join(dir, "run", "run.json"));

    const strict = await run("--resume", "--engine", "wasm", "--strict");
    assert.equal(strict.code, 2);
    assert.match(strict.stderr, /^error: Cannot resume run with --strict: the engine was cpu .*wasm.*\n$/m);
    assert.equal(Deno.readTextFileSync(join(dir, "run", "run.json")), before, "nothing was written");

    const resumed = await run("--resume", "--engine", "wasm", "--json");
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.match(resumed.stderr, /warning: Resumed elsewhere: the engine was cpu .*, now it is wasm/);
    const facts = json(join(dir, "run", "run.json"));
    assert.deepEqual(facts.backends.map(({ name }: { name: string }) => name), ["cpu", "wasm"]);
    assert.equal(facts.backend.name, "wasm");
    assert.match(warningTexts(facts).join("\n"), /Resumed elsewhere/);

    refusedInOneLine(
      await task("evaluate", ["run", "--engine", "cpu", "--strict"], { cwd: dir }),
      /^error: Cannot resume run with --strict: the engine was wasm/,
    );
  }));
