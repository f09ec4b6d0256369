import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { withFolder } from "../../../folders.ts";
import { root } from "../../../paths.ts";
import { COMMANDS } from "../../../../pipeline/terminal/launch/commands.ts";
import { task } from "../../../command.ts";
import { withRun } from "../../../model/commands/finished.ts";
import { isDoneLine } from "../../commands/refused.ts";
import { SMALL } from "../../../model/commands/small.ts";
import { filesBelow } from "../../../model/support.ts";

/** Commands that use an engine but work on no data. */
const OTHERS = ["doctor", "notebook"];

/** Steps in which an engine is made. */
const OF_THE_ENGINE = /^(downloading|compiling) /;

/**
 * Runs what a task runs, with a cache that has no engine. Lines about other steps that took long are left out of stderr: a busy machine has
 * some.
 */
const launched = (cache: string, ...words: string[]) =>
  launchedIn({ env: { AUTOMLP_CACHE: cache } }, ...words);

async function launchedIn(
  { env, ...options }: Pick<Deno.CommandOptions, "env" | "clearEnv">,
  ...words: string[]
) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-P=launch", "--config", `${root}deno.json`].concat(
      `${root}pipeline/terminal/launch/main.ts`,
      "--make-engine",
      words,
    ),
    ...options,
    env: { ...env, NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const said = text(stderr).split("\n").filter((line) => !isDoneLine(line) || OF_THE_ENGINE.test(line)).join(
    "\n",
  );
  return { code, stdout: text(stdout), stderr: said };
}

Deno.test("the engine is not made for help, nor for a wrong name", () =>
  withFolder(async (dir) => {
    const cache = `${dir}/cache`;
    for (const command of ["pipeline", "train", "recommend", "tune"]) {
      const { code, stdout } = await launched(cache, command, "--help");
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`Usage: deno task ${command} `));
    }
    const { code, stderr } = await launched(cache, "pipelin");
    assert.equal(code, 2);
    assert.match(stderr, /^error: There is no command "pipelin" \(did you mean "pipeline"\?\)/);
    assert(!existsSync(cache));
  }));

Deno.test("the engine is not made for what a command refuses: an option, a value, a file, a run, a dataset", () =>
  withFolder(async (dir) => {
    const cache = `${dir}/cache`, none = `${dir}/none`, out = ["--out", `${dir}/out`];
    const wrong: Record<string, [args: string[], says: RegExp][]> = {
      pipeline: [
        [["--epoch", "3"], /Unknown option --epoch/],
        [["--dim", "-3"], /--dim does not fit/],
        [["--data", `${none}.csv`, ...out], /Cannot read .*none\.csv: no such file/],
        [["--dataset", none, ...out], /Cannot open the dataset .*none/],
        [["--config", `${none}.yaml`], /none\.yaml/],
      ],
      search: [[["--dataset", none, ...out], /Cannot open the dataset .*none/]],
      train: [
        [["--method", "sasrek"], /Cannot train "sasrek"/],
        [["--method", "sasrec", none, ...out], /Cannot open the dataset .*none/],
      ],
      retrain: [[[none], /Cannot open the run .*none/]],
      refit: [[[none], /Cannot open the run .*none/], [[none, "--epochs", "0"], /--epochs does not fit/]],
      evaluate: [[[none], /Cannot open the run .*none/], [[none, "--ks", "0"], /--ks does not fit/]],
      recommend: [[[none], /Cannot open the run .*none/]],
      compare: [[[none, none, "--on", none], /Cannot open the dataset .*none/], [
        [none, none],
        /Cannot open the run .*none/,
      ]],
      tune: [[["--method", "sasrec", none, ...out], /Cannot open the dataset .*none/]],
      experiment: [
        [["table3", ...out], /There is no plan table3 \(did you mean "table2"\?\)/],
        [["table2", "--data", `${none}.csv`, ...out], /Cannot read .*none\.csv: no such file/],
      ],
    };
    const computing = Object.entries(COMMANDS).filter(([name, { engine }]) =>
      engine && !OTHERS.includes(name)
    );
    assert.deepEqual(Object.keys(wrong).sort(), computing.map(([name]) => name).sort());
    for (const [name, cases] of Object.entries(wrong)) {
      for (const [args, says] of cases) {
        const { code, stdout, stderr } = await launched(cache, name, ...args);
        assert.deepEqual(
          [code, stdout, stderr.trim().split("\n").length],
          [2, "", 1],
          `${name} ${args}: ${stderr}`,
        );
        assert.match(stderr, says);
      }
    }
    assert.deepEqual([...Deno.readDirSync(dir)], [], "nothing was made");
  }));

Deno.test("the engine is not made for a command that is told to compute with another", () =>
  withRun(async (dir) => {
    const cache = join(dir, "cache"), run = join(dir, "run"), config = join(dir, "config.yaml");
    Deno.writeTextFileSync(config, "engine: cpu\n");
    for (const told of [["--engine", "cpu"], ["--engine=cpu"], ["--config", config]]) {
      const { code, stdout, stderr } = await launched(
        cache,
        "recommend",
        run,
        "--users",
        "u1",
        "--k",
        "1",
        ...told,
      );
      assert.deepEqual([code, stderr], [0, ""]);
      assert.match(stdout, /^user,rank,item,score\nu1,1,/);
    }
    const compared = await launched(cache, "compare", run, run);
    assert.deepEqual([compared.code, compared.stderr], [0, ""], "without --on nothing is computed");
    const plan = join(dir, "plan.yaml"), settings = { epochs: 1, length: 8, dim: 8, engine: "cpu", jobs: 1 };
    Deno.writeTextFileSync(
      plan,
      JSON.stringify({ dataset: join(run, "dataset"), methods: ["fpmc"], seeds: [1], ...settings }),
    );
    const { code, stderr } = await launched(cache, "experiment", plan, "--out", join(dir, "exp"), "--quiet");
    assert.deepEqual([code, stderr], [0, ""]);
    assert(!existsSync(cache));
  }));

Deno.test("where no cache is known, that is said once, and another engine computes", () =>
  withRun(async (dir) => {
    const { PATH = "", HOME = "", DENO_DIR = join(HOME, ".cache", "deno") } = Deno.env.toObject();
    const { code, stdout, stderr } = await launchedIn(
      { env: { PATH, DENO_DIR }, clearEnv: true },
      ...["recommend", join(dir, "run"), "--users", "u1", "--k", "1"],
    );
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^user,rank,item,score\nu1,1,/);
    assert.match(
      stderr,
      /^warning: Without the native engine [^\n]*: there is no cache folder [^\n]*; set AUTOMLP_CACHE to a folder\n$/,
    );
  }));

Deno.test("a command that only checks does nothing and says nothing, where nothing is wrong", () =>
  withRun(async (dir) => {
    const before = filesBelow(dir), env = { AUTOMLP_CHECKS: "1" };
    const right: Record<string, string[]> = {
      pipeline: ["--data", "log.csv", "--out", "other", ...SMALL],
      search: ["run/dataset", "--out", "other"],
      train: ["run/dataset", "--method", "fpmc", "--out", "other"],
      retrain: ["run", "--epochs", "9"],
      refit: ["run", "--epochs", "9"],
      evaluate: ["run", "--ks", "1"],
      recommend: ["run", "--out", "other.csv"],
      tune: ["run/dataset", "--method", "fpmc"],
      experiment: ["table2", "--dataset", "run/dataset"],
      notebook: [],
    };
    for (const [name, args] of Object.entries(right)) {
      const { code, stdout, stderr } = await task(name, args, { cwd: dir, env });
      assert.deepEqual([code, stdout, stderr], [0, "", ""], name);
    }
    assert.deepEqual(filesBelow(dir), before);
  }));
