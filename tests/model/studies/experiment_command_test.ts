/** The command `experiment`, as a user runs it, stops it and misuses it. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { StudyFolder } from "../../../model/studies/study_folder.ts";
import { appears, startTask, task } from "../../command.ts";
import { json } from "../support.ts";
import { withDataset } from "./small_plans.ts";

Deno.test("experiment: killed again and again, it ends with the figures of one in one piece", () =>
  withDataset(async (_dataset, dir) => {
    const plan =
      "dataset: dataset\nmethods: [gru4rec, sasrec]\nseeds: [1]\nepochs: 6\nlength: 8\ndim: 8\nbatchSize: 8\n";
    Deno.writeTextFileSync(join(dir, "plan.yaml"), plan);
    const cells = join(dir, "killed", "cells"), args = ["plan.yaml", "--jobs", "2", "--out", "killed"];
    for (const file of ["gru4rec-seed-1/run.json", "sasrec-seed-1/train/history.jsonl"]) {
      const started = startTask("experiment", args, { cwd: dir });
      await appears(join(cells, file));
      started.signal("SIGKILL");
      await started.ended;
    }
    const { code, stderr } = await task("experiment", args, { cwd: dir });
    assert.equal(code, 0, stderr);
    const whole = await task("experiment", [...args.slice(0, -1), "whole", "--quiet"], { cwd: dir });
    assert.deepEqual([whole.code, whole.stdout, whole.stderr], [0, "", ""]);
    const figures = (out: string) =>
      json(join(dir, out, "results.json")).rows.map(({ cells }: { cells: { metrics: unknown }[] }) =>
        cells[0].metrics
      );
    assert.deepEqual(figures("killed"), figures("whole"));
  }));

Deno.test("experiment: a plan may begin with raw interactions; what cannot be prepared leaves nothing", () =>
  withDataset(async (_dataset, dir) => {
    const plan = "data: planted.csv\nprepare: { protocols: [recbole], evalNegatives: 9, minUser: USERS }\n" +
      "methods: [gru4rec]\nseeds: [1]\nepochs: 1\nlength: 8\nquestion: Why?\n";
    const write = (users: string) =>
      Deno.writeTextFileSync(join(dir, "plan.yaml"), plan.replace("USERS", users));
    const run = () => task("experiment", ["plan.yaml", "--quiet"], { cwd: dir });
    write("1000");
    assert.match((await run()).stderr, /^error: .*user/);
    assert.throws(() => Deno.statSync(join(dir, "results/plan")), Deno.errors.NotFound);
    write("5");
    assert.deepEqual(await run(), { code: 0, stdout: "", stderr: "" });
    assert.equal(json(join(dir, "results/plan/results.json")).rows[0].cells.length, 1);
    assert.equal(json(join(dir, "results/plan/results.json")).question, "Why?");
    assert.equal(json(join(dir, "results/plan/dataset/manifest.json")).negatives.count, 9);
    for (
      const [more, says] of [
        [
          "minUser: 5\n",
          /^error: Unknown option minUser in the plan wrong\.yaml: .* under prepare, as in prepare: \{ minUser: …/,
        ],
        [
          "datasets: x\n",
          /^error: Unknown option datasets in the plan wrong\.yaml \(did you mean "dataset"\?\)$/m,
        ],
        ["hiden: 8\n", /^error: Unknown option hiden in the plan wrong\.yaml \(did you mean "hidden"\?\)$/m],
        ["prepare: { out: x }\n", /^error: Unknown key out under prepare: .* which --out names$/m],
      ] as const
    ) {
      Deno.writeTextFileSync(join(dir, "wrong.yaml"), `data: planted.csv\nmethods: [fpmc]\n${more}`);
      assert.match((await task("experiment", ["wrong.yaml"], { cwd: dir })).stderr, says);
    }
    Deno.writeTextFileSync(
      join(dir, "ready.yaml"),
      "dataset: dataset\nprepare: { minUser: 5 }\nmethods: [fpmc]\n",
    );
    assert.match(
      (await task("experiment", ["ready.yaml"], { cwd: dir })).stderr,
      /^error: The plan ready\.yaml says under prepare how data are prepared, and the dataset in dataset is prepared: leave/,
    );
    write("6");
    assert.match(
      (await run()).stderr,
      /it is the dataset of an experiment, and what was computed is never replaced/,
    );
  }));

Deno.test("experiment: where a training fails the others' tables are shown, and the exit code says so", () =>
  withDataset(async (_dataset, dir) => {
    const rows = "methods: [fdsa, { method: gru4rec, dim: 8, length: 8, epochs: 1 }]\nseeds: [1]\n";
    Deno.writeTextFileSync(join(dir, "plan.yaml"), `dataset: dataset\n${rows}`);
    const { code, stdout, stderr } = await task("experiment", ["plan.yaml", "--out", "out", "--json"], {
      cwd: dir,
    });
    assert.equal(code, 1);
    const results = JSON.parse(stdout);
    assert.deepEqual(results.rows.map(({ cells }: { cells: unknown[] }) => cells.length), [0, 1]);
    assert.match(results.warnings[0], /^FDSA, seed 1, failed: Cannot build FDSA/);
    assert.match(
      stderr,
      /^error: 1 of 2 trainings failed \(Cannot build FDSA: .*\); see out\/report.html; the same command tries again$/m,
    );
  }));

Deno.test("experiment: wrong use is one line", () =>
  withDataset(async (_dataset, dir) => {
    const refused = async (args: string[], message: RegExp) => {
      const { code, stdout, stderr } = await task("experiment", args, { cwd: dir });
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, message);
      assert.equal(stderr.trimEnd().split("\n").length, 1);
    };
    Deno.writeTextFileSync(join(dir, "plan.yaml"), "dataset: dataset\nmethods: [gru4rec]\nout: here\n");
    await refused([], /^error: Which plan\? Name one of table2, search-cost/);
    await refused(["tabel2", "--dataset", "dataset"], /There is no plan tabel2 \(did you mean "table2"\?\)/);
    await refused(["table2"], /^error: Which data\?/);
    await refused(["plan.yaml"], /Unknown key "out" in plan.yaml: a plan says what, --out DIR where/);
    await refused(["nowhere.yaml"], /^error: Cannot read nowhere.yaml: no such file/);
    StudyFolder.create(join(dir, "begun"), "experiment")[Symbol.dispose]();
    await refused(
      ["begun"],
      /Cannot read a plan from begun: it is the folder of an experiment; .* --out begun$/m,
    );
    Deno.removeSync(join(dir, "begun"), { recursive: true });
    const rows = "dataset: dataset\nmethods: [{ method: gru4rec, hiden: 3 }]\n";
    Deno.writeTextFileSync(join(dir, "rows.yaml"), rows);
    await refused(
      ["rows.yaml"],
      /^error: The plan rows, row GRU4Rec: Unknown option "hiden" \(did you mean "hidden"\?\)/,
    );
    Deno.writeTextFileSync(join(dir, "rows.yaml"), `${rows.replace("hiden", "hidden")}seeds: 3\n`);
    await refused(["rows.yaml"], /"seeds" in rows.yaml does not fit: must be a list, as in \[1, 2, 3\]/);
    Deno.writeTextFileSync(
      join(dir, "rows.yaml"),
      `${rows.replace("hiden", "hidden")}tune: { tuner: grid }\n`,
    );
    await refused(["rows.yaml"], /"tune" in rows.yaml does not fit: tuner: choose one of halving, random$/m);
    Deno.writeTextFileSync(join(dir, "rows.yaml"), rows.replace("hiden", "hidden"));
    for (const [flag, value] of [["jobs", "0"], ["budget", "0"], ["tune", "0"], ["seeds", "1.5"]]) {
      await refused(["rows.yaml", `--${flag}`, value], new RegExp(`^error: Option --${flag} does not fit: `));
    }
    Deno.removeSync(join(dir, "rows.yaml"));
    await refused(
      ["layers", "--dataset", "dataset", "--methods", "gru4rec,sasrec", "--out", "o"],
      /^error: Cannot take methods for the plan layers: all its rows are AutoMLP; leave it out$/m,
    );
    Deno.writeTextFileSync(join(dir, "other.yaml"), "dataset: dataset\nmethods: [sasrec]\n");
    await refused(
      ["plan.yaml", "--config", "other.yaml"],
      /^error: Two plans are named, plan.yaml and other.yaml/,
    );
    Deno.removeSync(join(dir, "other.yaml"));
    await refused(["table2", "--dataset", "dataset", "--out", "."], /Cannot write the experiment/);
    await refused(["table2", "--dataset", "dataset", "--seeds", "x", "--out", "o"], /Option --seeds/);
    await refused(
      ["table2", "--dataset", "dataset", "--preset", "ml-100k", "--tune", "3", "--out", "o"],
      /^error: Options --preset and --tune do not go together/,
    );
    assert.deepEqual([...Deno.readDirSync(dir)].map(({ name }) => name).sort(), [
      "dataset",
      "plan.yaml",
      "planted.csv",
    ]);
  }));
