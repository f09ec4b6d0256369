/** Saving a model never loses another one. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { loadModel, openEngine, refit, RunFolder, runJob, saveModel, train } from "../../../mod.ts";
import { entryAt } from "../../../pipeline/contract/files/readable.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";
import { refused, weightsOf } from "../support.ts";

const TINY = { dim: 4, length: 6, epochs: 1 };

Deno.test("saveModel: a cell of a notebook saves again; another method, dataset or seed is refused", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 30 }), run = RunFolder.create(join(dir, "model"));
    const model = await train("gru4rec", dataset, { ...TINY, seed: 1 });
    await saveModel(run, model, { dataset, seed: 1 });
    const again = await train("gru4rec", dataset, { ...TINY, seed: 1, epochs: 2 });
    await saveModel(run, again, { dataset, seed: 1 });
    const kept = await weightsOf(run.path);
    assert.deepEqual(kept.get("items.embedding")?.values, again.values().get("items.embedding"));

    await refused(
      () => saveModel(run, model, { dataset, seed: 2 }),
      /^Cannot save the model to .*model: the model there is of the seed 1, and this is of 2; give another folder$/,
    );
    const other = await train("fpmc", dataset, { dim: 4, epochs: 1, seed: 1 });
    await refused(
      () => saveModel(run, other, { dataset, seed: 1 }),
      /: the model there is one of GRU4Rec, and this is one of FPMC; give another folder$/,
    );
    Deno.mkdirSync(join(dir, "other"));
    const elsewhere = await plantedDataset(join(dir, "other"), { users: 31 });
    await refused(
      () => saveModel(run, model, { dataset: elsewhere, seed: 1 }),
      /: the model there is of the dataset planted \(\w{8}\), and this is of planted \(\w{8}\); give another folder$/,
    );
    const engine = await openEngine();
    await refused(
      () => loadModel(run, elsewhere, { engine }),
      /^Cannot use the weights of .*model with the dataset .* \(\w{8}\): they were trained on planted \(\w{8}\); open that dataset, or train on this one$/,
    );
    assert.deepEqual(await weightsOf(run.path), kept);
  }));

Deno.test("saveModel: what a job has trained is never replaced, be it by the same method, dataset and seed", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 30 }), out = join(dir, "run");
    const { run } = await runJob(dataset, { method: "gru4rec", ...TINY, ks: [1] }, { out, seed: 1 });
    const before = await weightsOf(out), model = await train("gru4rec", dataset, { ...TINY, seed: 1 });
    const message =
      /^Cannot save the model to .*run: there is a run of GRU4Rec, whose model is never replaced; give another folder$/;
    await refused(() => saveModel(run, model, { dataset, seed: 1 }), message);
    const copy = await run.copyTo(join(dir, "copy"));
    await refused(() => saveModel(copy, model, { dataset, seed: 1 }), /copy: there is a run of GRU4Rec/);
    assert.deepEqual(await weightsOf(out), before);
  }));

Deno.test("saveModel by a path, loadModel by the same: the weights are those that were saved; a run is not made of it", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 30 }), place = join(dir, "kept");
    const model = await train("gru4rec", dataset, { ...TINY, seed: 1 });
    await saveModel(place, model, { dataset, seed: 1 });
    const { model: loaded } = await loadModel(place, dataset);
    assert.deepEqual(loaded.values(), model.values());
    assert.equal(loaded.name, "GRU4Rec");

    assert.throws(
      () => RunFolder.open(place),
      /: it holds a model that a program saved, and no run; in a program, loadModel reads it$/,
    );
    await refused(
      () => refit(place, { out: join(dir, "serve") }),
      /^Cannot refit .*kept: it holds a model that a program saved, and no run of a job, .* withoutHoldOut\(dataset\), for as many epochs as were best$/,
    );
    await refused(
      () => loadModel(join(dir, "nothing"), dataset),
      /^Cannot open the run .*nothing: there is no such folder; make one with /,
    );
    await refused(
      () => saveModel(dataset.folder, model, { dataset, seed: 1 }),
      /^Cannot write the run .+dataset: a dataset is there; give another folder$/,
    );
    Deno.mkdirSync(join(dir, "more"));
    const more = await plantedDataset(join(dir, "more"), { users: 30, items: dataset.items + 1 });
    await refused(
      () => saveModel(join(dir, "new"), model, { dataset: more, seed: 1 }),
      /^Cannot save the model to .*new as one of .+: it was trained on \d+ items, the dataset has \d+; give the dataset/,
    );
    assert.equal(entryAt(join(dir, "new")), undefined, "nothing was made");
  }));
