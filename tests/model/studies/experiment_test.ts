/** Experiments with real trainings in separate processes. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { isolated } from "../../../pipeline/display/table.ts";
import { type Progress, silent } from "../../../pipeline/contract/progress.ts";
import { runExperiment } from "../../../mod.ts";
import { wordsOf } from "../../place_words.ts";
import { plantedDataset } from "../planted.ts";
import { json } from "../support.ts";
import { gru, plan, withDataset } from "./small_plans.ts";

Deno.test("an experiment trains what is not finished, and a cell that fails is told in its place", () =>
  withDataset(async (dataset, dir) => {
    const out = join(dir, "results"), context = { out, jobs: 2, tensorboard: join(dir, "events") };
    const first = await runExperiment(plan([gru(4), "fdsa"]), dataset, context);
    const [good, bad] = first.rows;
    assert.deepEqual([good.cells.length, good.missing, bad.cells.length], [1, 0, 0]);
    assert.match(bad.failures[0].message, /^Cannot build FDSA: it needs item features/);
    assert.equal(good.cells[0].epochs, 2);
    const [events] = Deno.readDirSync(join(dir, "events/gru-4-seed-1/train"));
    assert.match(events.name, /tfevents/);
    for (const file of ["results.md", "results.tex", "table-1.csv", "report.html", "results.json"]) {
      assert(Deno.statSync(join(out, file)).size > 0, file);
    }
    assert.match(Deno.readTextFileSync(join(out, "results.md")), /FDSA, seed 1, failed: Cannot build FDSA/);

    assert.equal(first.gallery.length, 3);
    for (const { took, history, earlier, recommended: [{ items, hit }] } of first.gallery) {
      assert.deepEqual([history.length, earlier], [8, 21]);
      assert(items.length <= 5); // fewer if hardly any item is new to them
      assert.equal(hit, items.includes(took));
    }

    const renamed = await runExperiment(plan([{ ...gru(4), label: "Gru  4" }, "fdsa"]), dataset, context);
    assert.deepEqual(renamed.gallery.map(({ recommended: [{ label }] }) => label), Array(3).fill("Gru  4"));

    // Seeds and rows may be added; what exists is not touched.
    const run = join(out, "cells", "gru-4-seed-1", "run.json"), before = Deno.readTextFileSync(run);
    const more = await runExperiment(plan([gru(4), gru(6)], [1, 2]), dataset, context);
    assert.deepEqual(more.rows.map(({ cells }) => cells.length), [2, 2]);
    assert.equal(Deno.readTextFileSync(run), before);
    assert.equal(more.significance[0].label, "GRU 6");
    assert(more.significance.every(({ pUsers, pSeeds }) => pUsers! > 0 && pUsers! <= 1 && pSeeds! > 0));
    const tested = more.significance.filter(({ protocol }) => protocol === more.protocols[0]);
    assert.deepEqual(tested.map(({ metric }) => metric), ["HR@10", "NDCG@10", "MRR@10"]);

    // Options that are given with their defaults do not make another training.
    await runExperiment(plan([{ ...gru(4), schedule: "constant", ensemble: 1 }]), dataset, context);
    assert.equal(Deno.readTextFileSync(run), before);
    await assert.rejects(runExperiment(plan([{ ...gru(4), rate: 0.5 }]), dataset, context), {
      name: "InputError",
      message:
        /its cell gru-4-seed-1 was begun with other options \(rate the default, now 0.5\); give the same plan, .*; or remove .*gru-4-seed-1 to train it anew$/,
    });
    Deno.removeSync(join(out, "cells", "gru-4-seed-1"), { recursive: true });
    await runExperiment(plan([{ ...gru(4), rate: 0.5 }]), dataset, { out, jobs: 2 });
    assert.equal(JSON.parse(Deno.readTextFileSync(run)).config.training.rate, 0.5);
    const other = join(out, "cells", "gru-6-seed-1", "run.json");
    assert.equal(JSON.parse(Deno.readTextFileSync(other)).status, "done");
    Deno.mkdirSync(join(dir, "b"));
    await assert.rejects(
      runExperiment(plan([gru(4)]), await plantedDataset(join(dir, "b"), { users: 31 }), context),
      {
        name: "InputError",
        message: /what is there is of other data, planted \(/,
      },
    );
  }));

Deno.test("an experiment's page, and the reports of its trainings, call people as they are asked to", () =>
  withDataset(async (dataset, dir) => {
    const out = join(dir, "results"), read = (path: string) => Deno.readTextFileSync(join(out, path));
    const report = "cells/gru-4-seed-1/report.html";
    const { gallery: shown } = await runExperiment(plan([gru(4)]), dataset, { out });
    Deno.removeSync(join(out, "cells", "gru-4-seed-1"), { recursive: true });
    const numbered = await runExperiment(plan([gru(4)]), dataset, { out, people: "numbers" });
    const ofRun = json(join(out, "cells/gru-4-seed-1/insights.json")).people as { user: string }[];
    assert.deepEqual(numbered.gallery.map(({ user }) => user), ["person 1", "person 2", "person 3"]);
    // Ids of users may also be ids of items, so each is looked for where a person's name is shown.
    const places = [
      ["report.html", shown, (user: string) => `<p>${isolated(user)}:`],
      ["report.html", shown, (user: string) => `Recommended to ${user} before`],
      ["results.json", shown, (user: string) => `"user": ${JSON.stringify(user)}`],
      [report, ofRun, (user: string) => `<strong>${isolated(user)}</strong> had`],
    ] as const;
    for (const [path, people, named] of places) {
      assert(read(path).includes(named("person 1")), path);
      assert(!people.some(({ user }) => read(path).includes(named(user))), path);
    }
    const { gallery } = await runExperiment(plan([gru(4)]), dataset, { out });
    assert.deepEqual(gallery.map(({ user }) => user), shown.map(({ user }) => user), "a page is made anew");
    assert.deepEqual((await runExperiment(plan([gru(4)]), dataset, { out, people: "none" })).gallery, []);
    assert.doesNotMatch(read("report.html"), /A few people/);
  }));

Deno.test("what a budget leaves undone is said, and nothing is lost by it", () =>
  withDataset(async (dataset, dir) => {
    const ends: unknown[][] = [];
    const progress: Progress = {
      ...silent,
      start: () => ({ advance() {}, end: (...how) => void ends.push(how) }),
    };
    const context = { out: join(dir, "results"), deadline: performance.now(), progress };
    const { rows } = await runExperiment(plan([gru(4)], [1, 2]), dataset, context);
    assert.deepEqual(ends, [["cut short after 0 cells", "cut short"]]);
    assert.deepEqual([rows[0].cells.length, rows[0].missing, rows[0].failures], [0, 2, []]);
    assert.match(Deno.readTextFileSync(join(dir, "results", "results.md")), /GRU 4: 2 seeds are not done/);
    // Its dataset is recorded, and so never replaced, even if the time was up before the tunings were done.
    const tuning = { trials: 2, epochs: 1, tuner: "random" as const, leastEpochs: 1 },
      out = join(dir, "tuned");
    await runExperiment({ ...plan([gru(4)]), tuning }, dataset, { ...context, out });
    assert.equal(json(join(out, "experiment.json")).dataset.hash, dataset.manifest.hash);
  }));

Deno.test("a plan may tune its rows first; a seed more costs no tuning", () =>
  withDataset(async (dataset, dir) => {
    const tuning = { trials: 2, epochs: 1, tuner: "random" as const, leastEpochs: 1 },
      doing = new Set<string>();
    const progress: Progress = {
      ...silent,
      start: (_label, _total, _unit, place) => ({
        advance: () => void (typeof place === "function" && doing.add(wordsOf(place))),
        end() {},
      }),
    };
    const context = { out: join(dir, "results"), jobs: 2, progress }, own = { ...plan([gru(4)]), tuning };
    const { rows: [row] } = await runExperiment(own, dataset, context);
    assert(doing.has("epoch 1") && doing.has("epoch 2"), "a cell's line says what it does");
    assert.deepEqual(Object.keys(row.tuned!), ["layers", "dropout", "rate"]); // what the plan gives is not tuned
    const config = json(join(dir, "results/cells/gru-4-seed-1/run.json")).config;
    assert.deepEqual([config.training.rate, config.network.layers, config.training.epochs], [
      row.tuned!.rate,
      row.tuned!.layers,
      2,
    ]);
    assert.match(Deno.readTextFileSync(join(dir, "results/results.md")), /options that tuning chose/);
    const again = await runExperiment({ ...own, seeds: [1, 2] }, dataset, context);
    assert.deepEqual([again.rows[0].tuned, again.rows[0].cells.length], [row.tuned, 2]);
    // Nor does removing a seed, even the one that the tuning was begun with.
    const without = await runExperiment({ ...own, seeds: [2] }, dataset, context);
    assert.deepEqual([without.rows[0].tuned, without.rows[0].cells], [
      row.tuned,
      again.rows[0].cells.slice(1),
    ]);
  }));

Deno.test("a row of which tuning finds nothing is told in its place, and does not end the others", () =>
  withDataset(async (dataset, dir) => {
    const tuning = { trials: 1, epochs: 1, tuner: "random" as const, leastEpochs: 1 };
    const both = plan([{ ...gru(4), label: "hot", rate: 1e38 }, gru(4)], [1, 2]), out = join(dir, "results");
    const { rows: [hot, good] } = await runExperiment({ ...both, tuning }, dataset, { out, jobs: 2 });
    assert.deepEqual([hot.cells, hot.missing, hot.failures.map(({ seed }) => seed)], [[], 0, [1, 2]]);
    assert.match(
      hot.failures[0].message,
      /^Cannot tune hot: none of 1 trial came to a result \(Training diverged: .*\); see .*hot\/report.html$/,
    );
    assert.deepEqual([good.cells.length, good.failures], [2, []]);
    assert.match(
      Deno.readTextFileSync(join(out, "results.md")),
      /^- hot, seeds 1, 2, failed: Cannot tune hot/m,
    );
  }));
