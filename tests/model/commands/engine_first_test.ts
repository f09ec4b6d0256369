/** Which commands ask for the native engine, in a cache that has none, and when. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { COMMANDS } from "../../../model/commands/mod.ts";
import { inProcess } from "../../in_process.ts";
import { filesBelow } from "../support.ts";
import { withRun } from "./finished.ts";
import { SMALL } from "./small.ts";

/** Runs `test` in the folder of a run, as the program starts commands where there is no engine. */
const withoutEngine = (test: (dir: string) => Promise<void>) =>
  withRun(async (dir) => {
    const cwd = Deno.cwd(), names = ["AUTOMLP_CACHE", "AUTOMLP_MAKES_ENGINE"];
    const before = names.map((name) => Deno.env.get(name));
    Deno.chdir(dir);
    Deno.env.set("AUTOMLP_CACHE", join(dir, "cache"));
    Deno.env.set("AUTOMLP_MAKES_ENGINE", "yes");
    try {
      await test(dir);
    } finally {
      Deno.chdir(cwd);
      names.forEach((name, i) =>
        before[i] === undefined ? Deno.env.delete(name) : Deno.env.set(name, before[i])
      );
    }
  });

const RIGHT: Record<string, string[]> = {
  pipeline: ["--data", "log.csv", "--out", "other", ...SMALL],
  search: ["run/dataset", "--out", "other"],
  train: ["run/dataset", "--method", "fpmc", "--out", "other"],
  retrain: ["run", "--epochs", "9"],
  refit: ["run", "--epochs", "9"],
  evaluate: ["run", "--ks", "1"],
  recommend: ["run", "--out", "other.csv"],
  compare: ["run", "run", "--on", "run/dataset"],
  tune: ["run/dataset", "--method", "fpmc"],
  experiment: ["table2", "--dataset", "run/dataset"],
};
const WRONG: Record<string, [args: string[], says: RegExp]> = {
  pipeline: [["--data", "none.csv", "--out", "other"], /Cannot read .*none\.csv: no such file/],
  search: [["--dataset", "none", "--out", "other"], /Cannot open the dataset .*none/],
  train: [["--method", "sasrec", "none", "--out", "other"], /Cannot open the dataset .*none/],
  retrain: [["none"], /Cannot open the run .*none/],
  refit: [["none"], /Cannot open the run .*none/],
  evaluate: [["run", "--ks", "0"], /--ks does not fit/],
  recommend: [["none"], /Cannot open the run .*none/],
  compare: [["none", "none", "--on", "none"], /Cannot open the dataset .*none/],
  tune: [["--method", "sasrec", "none"], /Cannot open the dataset .*none/],
  experiment: [["table3"], /There is no plan table3 \(did you mean "table2"\?\)/],
};

Deno.test("every command that computes asks for the engine when all is checked and nothing is done; never for wrong input", () =>
  withoutEngine(async (dir) => {
    const before = filesBelow(dir);
    const computing = Object.keys(COMMANDS).filter((name) => COMMANDS[name].computes && name !== "doctor");
    assert.deepEqual(Object.keys(RIGHT).sort(), computing.sort());
    for (const name of computing) {
      assert.deepEqual(await inProcess(name, RIGHT[name]), { code: 75, stdout: "", stderr: "" }, name);
      const [args, says] = WRONG[name], { code, stderr } = await inProcess(name, args);
      assert.equal(code, 2, `${name}: ${stderr}`);
      assert.match(stderr, says);
    }
    assert.deepEqual(filesBelow(dir), before);
  }));

Deno.test("a command that is told to compute with another engine, or computes nothing, does not ask", () =>
  withoutEngine(async () => {
    for (const told of [["--engine", "cpu"], ["--engine=cpu"]]) {
      const args = ["run", "--users", "u1", "--k", "1", "--quiet", ...told];
      const { code, stderr } = await inProcess("recommend", args);
      assert.deepEqual([code, stderr], [0, ""]);
    }
    assert.equal((await inProcess("compare", ["run", "run"])).code, 0);
  }));
