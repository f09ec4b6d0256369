/** The command `experiment`, as a user runs it, stops it and misuses it. */
import assert from "node:assert/strict";
import { join } from "node:path";
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
    const plans = {
      "plan.yaml": "dataset: dataset\nmethods: [gru4rec]\nout: here\n",
      "rows.yaml": "dataset: dataset\nmethods: [{ method: gru4rec, hiden: 3 }]\n",
      "seeds.yaml": "dataset: dataset\nmethods: [gru4rec]\nseeds: 3\n",
    };
    for (const [name, text] of Object.entries(plans)) Deno.writeTextFileSync(join(dir, name), text);
    const refusals: [args: string[], message: RegExp][] = [
      [[], /^error: Which plan\? Name one of table2, search-cost/],
      [["tabel2", "--dataset", "dataset"], /There is no plan tabel2 \(did you mean "table2"\?\)/],
      [["table2"], /^error: Which data\?/],
      [["plan.yaml"], /Unknown key "out" in plan.yaml: a plan says what, --out DIR where/],
      [
        ["rows.yaml"],
        /^error: The plan rows, row GRU4Rec: Unknown option "hiden" \(did you mean "hidden"\?\)/,
      ],
      [["seeds.yaml"], /"seeds" in seeds.yaml does not fit: must be a list, as in \[1, 2, 3\]/],
      [["table2", "--dataset", "dataset", "--out", "."], /Cannot write the experiment/],
      [
        ["table2", "--dataset", "dataset", "--preset", "ml-100k", "--tune", "3", "--out", "o"],
        /^error: Options --preset and --tune do not go together/,
      ],
    ];
    for (const [args, message] of refusals) {
      const { code, stdout, stderr } = await task("experiment", args, { cwd: dir });
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, message);
      assert.equal(stderr.trimEnd().split("\n").length, 1);
    }
    const left = ["dataset", "planted.csv", ...Object.keys(plans)].sort();
    assert.deepEqual([...Deno.readDirSync(dir)].map(({ name }) => name).sort(), left);
  }));
