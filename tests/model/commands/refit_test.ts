/** A run's network, trained again on all of the data, as a user does it. */
import assert from "node:assert/strict";
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { RunFolder } from "../../../mod.ts";
import { task } from "../../command.ts";
import { json } from "../support.ts";
import { refusedInOneLine, withRun } from "./finished.ts";

Deno.test("refit: beside the run, which recommends; it is resumed, not evaluated, and tells who tries", () =>
  withRun(async (dir) => {
    const ran = async (name: string, ...args: string[]) => {
      const result = await task(name, args, { cwd: dir });
      assert.equal(result.code, 0, result.stderr);
      return result;
    };
    const before = Deno.readTextFileSync(join(dir, "run", "run.json"));
    const { stdout } = await ran("refit", "run/");
    assert.match(stdout, /^The network of .+run, trained anew on all interactions/m);
    assert.match(stdout, /^Next: deno task recommend run-refit$/m);
    assert.equal(Deno.readTextFileSync(join(dir, "run", "run.json")), before);
    const { config, status } = json(join(dir, "run-refit", "run.json"));
    assert.deepEqual([config.training.trainOn, status], ["all", "done"]);
    assert(!existsSync(join(dir, "run-refit", "metrics.json")));
    assert.match((await ran("recommend", "run-refit", "--users", "u7", "--k", "2")).stdout, /\nu7,1,i\d+,/);
    assert.match((await ran("runs", ".")).stdout, /run-refit .* done/);
    await ran("export", "run-refit", "--to", "onnx", "--out", "onnx");
    await ran("report", "run-refit");

    // More epochs, with the command that resumes any training, and with its own.
    const { epochs } = config.training;
    await ran("retrain", "run-refit", "--epochs", `${epochs + 1}`);
    await ran("refit", "run", "--resume", "--epochs", `${epochs + 2}`);
    const history = Deno.readTextFileSync(join(dir, "run-refit", "train", "history.jsonl")).trim().split(
      "\n",
    );
    assert.equal(history.length, epochs + 2);

    // Tested, beside the other.
    const tested = await ran("refit", "run", "--hold-out", "test");
    assert.match(tested.stdout, /^test, protocol full$/m);
    assert.match(
      tested.stdout,
      /^Next: deno task compare run-refit-tested .+run'? for what it gains, or deno task refit .+run'? for a model/m,
    );
    const { AutoMLP: own } = RunFolder.open(join(dir, "run-refit-tested")).read("metrics")!.methods;
    assert.deepEqual(Object.keys(own.metrics), ["test"]);
    renameSync(join(dir, "run"), join(dir, "moved"));
    await ran("evaluate", "run-refit-tested", "--dataset", "moved/dataset"); // it no longer needs the run
    renameSync(join(dir, "moved"), join(dir, "run"));
    assert.deepEqual(RunFolder.open(join(dir, "run-refit-tested")).read("metrics")!.methods.AutoMLP, own);
    // Resuming it and training it further gives figures again.
    const further = await ran(
      ...["retrain", "run-refit-tested", "--epochs", `${epochs + 1}`, "--dataset", "run/dataset"] as const,
    );
    assert.match(further.stdout, /^Next: deno task compare run-refit-tested .+run'? for what it gains/m);
    assert.notDeepEqual(RunFolder.open(join(dir, "run-refit-tested")).read("metrics")!.methods.AutoMLP, own);

    const refused: [name: string, args: string[], says: RegExp][] = [
      ["evaluate", ["run-refit"], /^error: Cannot evaluate run-refit: it has learnt from all of its data/],
      ["refit", ["run"], /^error: There is a run in run-refit already: resume it with --resume, or give/],
      ["refit", ["run-refit", "--out", "more"], /^error: Cannot refit run-refit: it is a refit itself/],
      ["refit", ["none"], /^error: Cannot open the run none: there is no such folder/],
      ["refit", [], /^error: Which run\? Name its folder, as in deno task refit runs\/mine/],
      [
        "pipeline",
        ["run-refit", "--resume"],
        /^error: Cannot resume run-refit: it is a refit; continue with deno task retrain run-refit/,
      ],
    ];
    for (const [name, args, says] of refused) refusedInOneLine(await task(name, args, { cwd: dir }), says);
    assert(!existsSync(join(dir, "more")));
  }));
