/** Tunings with real trainings in separate processes. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { parse } from "../../../pipeline/std/csv.ts";
import { networkFor, type SearchSpace, tune } from "../../../mod.ts";
import { appears, startTask, task } from "../../command.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";
import { json } from "../support.ts";

const FIXED = { length: 8, dim: 8, batchSize: 64, epochs: 3, metric: "HR@1" as const };

Deno.test("a tuning gives each trial as it comes, ends with the best, and goes on where it was left", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 60 }), out = join(dir, "tuning");
    // Configurations that cannot learn, that learn, and that are not valid.
    const space = { rate: [1e-7, 0.03], heads: [2, 3] }, options = FIXED;
    const begin = () => tune("sasrec", dataset, { out, space, options, tuner: "grid", seed: 1, jobs: 2 });
    const first = begin();
    for await (const trial of first) {
      assert.equal(trial.options.rate, space.rate[trial.trial > 2 ? 1 : 0]);
      break; // the others that are under way are stopped, and kept
    }
    const tuning = begin();
    await tuning.run();
    const { trials } = tuning.results;
    assert.deepEqual(trials.map(({ status }) => status), ["done", "failed", "done", "failed"]);
    assert.match(trials[1].message!, /3 heads cannot share 8 numbers evenly/);
    assert.equal(tuning.best!.trial, 3);
    assert(tuning.best!.value! > trials[0].value!);
    const { epochs: _, ...fixed } = FIXED;
    assert.deepEqual(tuning.bestOptions, { ...fixed, rate: 0.03, heads: 2 });
    assert.match(
      String(tuning),
      /The best of 4 trials is number 3: HR@1 0\.\d{4} on validation\. As the best of several, .* how good it is\.\nOf the trials, 2 failed: /,
    );
    assert.equal(parse(Deno.readTextFileSync(join(out, "trials.csv"))).length, 5);
    // The test data were not used.
    assert.throws(() => Deno.statSync(join(out, "cells/trial-003/metrics.json")), Deno.errors.NotFound);
    assert.match(
      Deno.readTextFileSync(join(out, "best.yaml")),
      /^# SASRec on planted .*\n# .*\nmethod: sasrec\nlength: 8/,
    );

    const again = begin(), before = Deno.readTextFileSync(join(out, "cells/trial-003/run.json"));
    await again.run();
    assert.match(Deno.readTextFileSync(join(out, "best.yaml")), /rate: 0.03/);
    assert.equal(again.best!.value, tuning.best!.value);
    assert.equal(Deno.readTextFileSync(join(out, "cells/trial-003/run.json")), before);
    // Options that are given with their defaults do not ask for other trials.
    const asItIs = { ...options, schedule: "constant", ensemble: 1 } as const;
    await tune("sasrec", dataset, { out, space, options: asItIs, tuner: "grid", seed: 1, trials: 2 }).run();
    await assert.rejects(
      tune("sasrec", dataset, { out, space, options: { ...options, dropout: 0.7 }, tuner: "grid", seed: 1 })
        .run(),
      /Cannot resume .*: it was begun with something else \(dropout .*, now 0.7\)/,
    );
    await assert.rejects(
      tune("sasrec", dataset, { out, space: { rate: [1] }, options, tuner: "grid" }).run(),
      {
        name: "InputError",
        message: /Cannot resume .*: it was begun with something else \(space /,
      },
    );
  }));

Deno.test("AutoMLP is tuned with a length that is given, unless something is said of the search; what is found has none", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 30 });
    const sizes = {
      ...FIXED,
      epochs: 1,
      layers: 1,
      sequenceHidden: 8,
      channelHidden: 8,
      lengths: [1, 2, 4],
    };
    const tuned = async (
      out: string,
      options: Record<string, unknown>,
      space: SearchSpace<"automlp"> = {},
    ) => {
      const how = { space: { rate: [0.01], ...space }, tuner: "grid" as const, jobs: 1 };
      const tuning = tune("automlp", dataset, { out: join(dir, out), options, ...how });
      await tuning.run();
      return { tuning, architecture: json(join(dir, out, "cells/trial-001/architecture.json")) };
    };
    const { tuning, architecture } = await tuned("given", sizes);
    assert.deepEqual([architecture.method, architecture.shortTermLength], ["given", 2]);
    const { epochs: _, ...fixed } = sizes;
    assert.deepEqual(tuning.bestOptions, { ...fixed, rate: 0.01 });
    const searched = await tuned("searched", { ...sizes, searchEpochs: 1 });
    assert.equal(searched.architecture.method, "shared");
    const inSpace = await tuned("in-space", sizes, { short: [4] });
    assert.deepEqual([inSpace.architecture.method, inSpace.architecture.shortTermLength], ["given", 4]);
    assert.deepEqual(inSpace.tuning.bestOptions, { ...fixed, search: "none", short: 4, rate: 0.01 });
    // LSTM-LSTM has the option, too, and no search.
    const other = tune("lstm-lstm", dataset, {
      out: join(dir, "other"),
      options: { ...FIXED, epochs: 1, hidden: 8 },
      space: { short: [2, 4] },
      tuner: "grid",
      jobs: 1,
    });
    await other.run();
    assert.deepEqual(other.results.trials.map(({ options }) => options), [{ short: 2 }, { short: 4 }]);
  }));

Deno.test("a tuning begins with what a training has by default, the dropout that suits the data among it", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 30, items: 40 }), { dropout } = networkFor(dataset);
    assert.equal(dropout, 0.4);
    const space = { dropout: [0.1, 0.2, 0.3, dropout, 0.5] }, options = { ...FIXED, epochs: 1, heads: 1 };
    for (const seed of [1, 2]) {
      const out = join(dir, `seed-${seed}`);
      const tuning = tune("sasrec", dataset, { out, space, options, trials: 1, seed, jobs: 1 });
      await tuning.run();
      assert.deepEqual(tuning.results.trials[0].options, { dropout });
    }
    const beside = { dropout: [0.1, 0.35, 0.5] }, out = join(dir, "beside");
    const tuning = tune("sasrec", dataset, { out, space: beside, options, trials: 1, seed: 1, jobs: 1 });
    await tuning.run();
    assert.deepEqual(tuning.results.trials[0].options, { dropout: 0.35 });
  }));

Deno.test("by halving the better trials are trained for longer, and what is too large is left out and counted", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 60 });
    const options = { ...FIXED, epochs: 6 },
      space = { rate: { min: 1e-7, max: 0.1, scale: "log" as const, whole: false } };
    const tuning = tune("gru4rec", dataset, {
      out: join(dir, "a"),
      space,
      options,
      trials: 4,
      seed: 3,
      jobs: 2,
    });
    await tuning.run();
    assert.deepEqual([...tuning.rungs], [2, 6]);
    const { trials } = tuning.results, long = trials.filter(({ epochs }) => epochs > 2);
    // The best third is determined whenever a trial ends: a later trial may be better, and goes on too.
    assert(trials.length === 4 && long.length >= 1 && long.length <= 2, `${long.length} of ${trials.length}`);
    assert(long.some(({ trial }) => trial === tuning.best!.trial), "the best is among those that went on");

    const small = tune("gru4rec", dataset, {
      out: join(dir, "b"),
      space,
      options,
      trials: 2,
      memory: 2 ** 20,
    });
    await small.run();
    assert.deepEqual(small.results.trials.map(({ status }) => status), ["too large", "too large"]);
    assert.match(
      String(small),
      /None of 2 trials came to a result\.\nOf the trials, 2 too large: .*takes about \d+MiB of memory, and 1MiB are allowed; .*: raise (--)?memory/,
    );
  }));

Deno.test("tune: killed and called again, it ends with the trials of one in one piece, and train takes its best", () =>
  withFolder(async (dir) => {
    await plantedDataset(dir, { users: 60 });
    Deno.writeTextFileSync(join(dir, "space.yaml"), "rate: [0.001, 0.03]\ndropout: [0.1]\nbatchSize: [16]\n");
    const args = [
      "--method",
      "sasrec",
      "dataset",
      "--space",
      "space.yaml",
      "--tuner",
      "grid",
      "--epochs",
      "8",
      "--jobs",
      "1",
      "--seed",
      "7",
    ];
    const started = startTask("tune", [...args, "--out", "killed"], { cwd: dir });
    await appears(join(dir, "killed/cells/trial-001/train/history.jsonl"));
    started.signal("SIGKILL");
    await started.ended;
    const killed = await task("tune", [...args, "--out", "killed"], { cwd: dir });
    assert.equal(killed.code, 0, killed.stderr);
    await task("tune", [...args, "--out", "whole", "--quiet"], { cwd: dir });
    const values = (out: string) =>
      json(join(dir, out, "results.json")).trials.map((
        { value, epochs }: Record<string, number>,
      ) => [value, epochs]);
    assert.deepEqual(values("killed"), values("whole"));
    assert.match(
      killed.stdout,
      /deno task train --config killed\/best.yaml --dataset .*dataset --out runs\/sasrec --seed 7/,
    );
    assert.match(
      Deno.readTextFileSync(join(dir, "killed/best.yaml")),
      /\. With their seed: deno task train --config best.yaml --seed 7\n/,
    );
    const train = [
      "--config",
      "killed/best.yaml",
      "--dataset",
      "dataset",
      "--out",
      "run",
      "--epochs",
      "8",
      "--seed",
      "7",
      "--json",
    ];
    const trained = await task("train", train, { cwd: dir });
    assert.equal(trained.code, 0, trained.stderr);
    const history = Deno.readTextFileSync(join(dir, "run/train/history.jsonl")).trim().split("\n");
    const reached = history.map((line) => JSON.parse(line).metrics["NDCG@10"] as number);
    const best = Math.max(...values("killed").map(([value]: number[]) => value));
    assert.equal(Math.max(...reached), best, "the same value again");
    assert.equal(json(join(dir, "run/run.json")).config.training.batchSize, 16);
  }));

Deno.test("tune: wrong use is one line", () =>
  withFolder(async (dir) => {
    await plantedDataset(dir, { users: 20 });
    const refused = async (args: string[], message: RegExp) => {
      const { code, stdout, stderr } = await task("tune", args, { cwd: dir });
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, message);
      assert.equal(stderr.trimEnd().split("\n").length, 1);
    };
    await refused(["dataset"], /^error: Which method\? Name it with --method: automlp, /);
    await refused(["--method", "sasrek", "dataset"], /there is no such method \(did you mean "sasrec"\?\)/);
    await refused(["--method", "sasrec", "dataset", "--space", "none.yaml"], /none.yaml/);
  }));
