/** Resuming a run: with its original options, its own data, and on another engine. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { RunFolder } from "../../../model/runs/folder.ts";
import { warningTexts } from "../../../model/views/epochs.ts";
import { task } from "../../command.ts";
import { json, weightsOf } from "../support.ts";
import { commandsIn, MADE_BY, withLog, withRun } from "./finished.ts";
import { NETWORK, SMALL } from "./small.ts";

const AGAIN = `pipeline ${MADE_BY.join(" ")}`;

Deno.test("pipeline: to resume, the folder is enough; what is given beside it is compared", () =>
  withRun(async (dir, { ran, refused }) => {
    Deno.writeTextFileSync(join(dir, "more.yaml"), "targetsPerHistory: 2\n");
    const record = () => json(join(dir, "run", "run.json")), made = record();
    const before = await weightsOf(join(dir, "run"));
    await ran("pipeline run --resume --quiet");
    assert.deepEqual([await weightsOf(join(dir, "run")), record()], [before, made]);
    const differing: [options: string, differences: RegExp][] = [
      ["--dropout 0.5", /\(--dropout 0.2, now 0.5\); give the same ones/],
      ["--dim 9", /\(--dim 8, now 9\)/],
      [
        "--keep-seen --config more.yaml",
        /\(--keep-seen false, now true; targetsPerHistory 1, now 2\)/,
      ],
      ["--layers 2 --loss bpr", /\(--layers 1, now 2; --loss "ce", now "bpr"\); give/],
      [
        "--preset demo",
        /\(--batch-size 64, now 256; --dim 8, now 64; --length 12, now 30; --lengths 1,3, now 1,2,3,5,10; --rate 0.01, now 0.003\); give/,
      ],
    ];
    for (const [options, differences] of differing) {
      await refused(
        `pipeline run --resume ${options}`,
        new RegExp(`Cannot resume run: it was begun with other options ${differences.source}`),
      );
    }
    await refused(
      "pipeline run --resume --epochs 2",
      /^error: Cannot resume run with --epochs 2: 3 are done already; give --epochs 3 or more$/,
    );
    await ran(
      "pipeline run --resume --layers 1 --search shared --quiet",
    );
    assert.deepEqual(record(), made);
    // A single step in between keeps what is known about the data.
    await ran("evaluate run --quiet");
    await ran("pipeline run --resume --quiet");
    await refused(
      "pipeline --out none --resume",
      /Cannot resume none: there is no run in it that records its options; give them again/,
    );
  }));

Deno.test("pipeline: what may change is taken with a line that names it", () =>
  withRun(async (dir, { ran }) => {
    const record = () => json(join(dir, "run", "run.json"));
    const said = async (options: string) => {
      const { stderr } = await ran(`pipeline run --resume --until retrain ${options}`);
      return stderr.split("\n").filter((line) => line.includes("other options"));
    };
    const taken = "--epochs 4 --patience 7 --budget 5m";
    assert.deepEqual(await said(taken), [
      "note: AutoMLP is resumed with other options than before: --epochs 3, now 4; --patience 10, now 7; --budget none, now 300",
    ]);
    assert.deepEqual([record().config.training.epochs, record().config.training.patience], [4, 7]);
    assert.deepEqual(await said(taken), [], "the same again");
    assert.deepEqual(await said("--ks 20,10,5"), []);
    // It is recorded even if it has no effect.
    assert.match((await said("--patience 9")).join(), /: --patience 7, now 9$/);
    assert.equal(record().config.training.patience, 9);
  }));

Deno.test("what finds nothing to do leaves the record and times of a run as they were; an evaluation takes the place of the one before", () =>
  withRun(async (dir, { ran }) => {
    const path = join(dir, "run", "run.json"), made = json(path);
    const after = async (line: string) => {
      await ran(`${line} --quiet`);
      return json(path);
    };
    const metrics = join(dir, "run", "metrics.json"), before = Deno.readTextFileSync(metrics);
    assert.deepEqual(await after("pipeline run --resume"), made);
    assert.deepEqual(await after("retrain run"), made);
    assert.equal(Deno.readTextFileSync(metrics), before);

    // As if the first had taken an hour.
    const folder = RunFolder.open(join(dir, "run")), facts = folder.readRun()!;
    await folder.writeRun({ ...facts, times: { ...facts.times, evaluate: 3600 } });
    const { times, sessions } = await after("evaluate run");
    assert.ok(times.evaluate < 3600, "it is not added");
    assert.deepEqual({ ...times, evaluate: 0 }, { ...made.times, evaluate: 0 });
    const commands = sessions.map(({ command }: { command: string }) => command.split(" ")[2]);
    assert.deepEqual(commands, ["pipeline", "evaluate"]);

    // Figures that are missing, or for other cutoffs, are computed.
    Deno.removeSync(join(dir, "run", "per_user.parquet"));
    const sessionsAfter = async (options: string) =>
      (await after(`pipeline run --resume${options}`)).sessions.length;
    assert.equal(await sessionsAfter(""), 3);
    assert.equal(await sessionsAfter(" --ks 1,3"), 4);
    assert.ok("HR@3" in json(metrics).methods.AutoMLP.metrics.test.recbole);
    assert.equal(await sessionsAfter(" --ks 3,1"), 4);
  }));

Deno.test("to resume, a run is named as the command's word or with --out; what else a word may be is said", () =>
  withRun(async (_dir, { ran, refused }) => {
    const there =
      /^error: There is a run in run already: resume it with --resume, or give another folder, as in --out run-2$/;
    const cases: [line: string, says: RegExp][] = [
      ["pipeline none --resume", /^error: Cannot open the run none: there is no such folder; make one/],
      [
        "pipeline run/dataset --resume",
        /^error: Cannot open the run run\/dataset: it is a dataset; give/,
      ],
      [
        "search . --resume",
        /^error: Cannot open the run \.: it holds runs, .* as run \(deno task runs lists/,
      ],
      [
        "train run two --resume",
        /^error: Two runs are named, run and two: name one, as in deno task train runs\/mine --resume$/,
      ],
      ["pipeline run --out two --resume --data log.csv", /^error: Unexpected "run": files are/],
      [
        "train run --resume",
        /^error: Cannot resume run: it is a run of AutoMLP; continue with deno task pipeline run --/,
      ],
      [AGAIN, there],
      ["pipeline run", there],
      ["search run", there],
      [
        "pipeline log.csv",
        /^error: Unexpected "log\.csv": files are named with --data, a prepared dataset with/,
      ],
      ["pipeline run/dataset log.csv", /^error: Unexpected "run\/dataset"/],
    ];
    for (const [line, says] of cases) await refused(line, says);
    for (const words of ["run --out run", "-- run"]) await ran(`pipeline --resume --quiet ${words}`);
  }));

Deno.test("search: to resume, the folder is enough, whichever command began it", () =>
  withRun(async (dir, { ran, refused }) => {
    const found = () => Deno.readTextFileSync(join(dir, "searched", "architecture.json"));
    await ran(`search run/dataset --out searched ${NETWORK} --seed 7 --quiet`);
    const before = found();
    await ran("search searched --resume --quiet");
    assert.equal(found(), before);
    await ran("search --out run --resume --quiet");
    await ran("pipeline searched --resume --until retrain --quiet");
    await refused(
      "search --out searched --resume --dim 9",
      /Cannot resume searched: it was begun with other options \(--dim 8, now 9\)/,
    );
  }));

Deno.test("pipeline: a run's dataset is left as it is, whatever is asked for or has become of its source", () =>
  withRun(async (dir, { ran, refused }) => {
    const hash = (run: string) => json(join(dir, run, "dataset", "manifest.json")).hash, before = hash("run");
    await refused(
      `${AGAIN} --min-user 3 --resume`,
      /Cannot resume run: Cannot use the dataset run\/dataset: option --min-user changed \(10, now 3\)/,
    );
    await refused(
      `${AGAIN} --min-user 3 --min-item 2 --resume`,
      /: options --min-user changed \(10, now 3\), --min-item changed \(0, now 2\) since it was prepared; give what/,
    );
    assert.equal(hash("run"), before);

    const weights = await weightsOf(join(dir, "run"));
    Deno.renameSync(join(dir, "run"), join(dir, "moved"));
    Deno.writeTextFileSync(join(dir, "log.csv"), "u1,i1,9\n", { append: true });
    await refused(
      `pipeline --data log.csv --out moved ${SMALL.join(" ")} --resume`,
      /Cannot resume moved: .*log.csv changed since it was/,
    );
    assert.equal(hash("moved"), before);

    // It goes on where its source is not there, unless that is named.
    Deno.removeSync(join(dir, "log.csv"));
    Deno.removeSync(join(dir, "moved", "report.html"));
    const { stderr } = await ran("pipeline moved --resume");
    assert.match(
      stderr,
      /^note: log\.csv is not there: the dataset of the run is taken as it was prepared$/m,
    );
    assert.deepEqual(await weightsOf(join(dir, "moved")), weights);
    assert(existsSync(join(dir, "moved", "report.html")));
    await refused("pipeline moved --resume --data log.csv", /^error: Cannot read log\.csv: no such file$/);
    await refused("pipeline moved --resume --min-user 3", /option --min-user changed \(10, now 3\)/);
  }));

Deno.test("resume: another engine is a warning that stays on record; strict refuses it", () =>
  withLog(async (dir) => {
    const { ran, refused } = commandsIn(dir, task); // a process has one engine
    Deno.writeTextFileSync(join(dir, "strict.yaml"), "strict: true\n");
    const record = join(dir, "run", "run.json");
    await ran(`${AGAIN} --until search --engine cpu`);
    const before = Deno.readTextFileSync(record);
    const refusal = (engine: string) =>
      new RegExp(`^error: Cannot resume run strictly: the engine was ${engine}`);
    await refused(`${AGAIN} --resume --engine wasm --config strict.yaml`, refusal("cpu .*wasm"));
    assert.equal(Deno.readTextFileSync(record), before, "nothing was written");

    const { stderr } = await ran(`${AGAIN} --resume --engine wasm --json`);
    assert.match(stderr, /warning: Resumed elsewhere: the engine was cpu .*, now it is wasm/);
    const facts = json(record), names = facts.backends.map(({ name }: { name: string }) => name);
    assert.deepEqual([names, facts.backend.name], [["cpu", "wasm"], "wasm"]);
    assert.match(warningTexts(facts).join("\n"), /Resumed elsewhere/);
    await refused("evaluate run --engine cpu --config strict.yaml", refusal("wasm"));
  }));
