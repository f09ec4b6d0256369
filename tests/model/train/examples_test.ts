import assert from "node:assert/strict";
import { evaluate, openEngine, Training } from "../../../mod.ts";
import { gru4rec } from "../../../model/methods/gru4rec.ts";
import { makeExamples } from "../../../model/train/examples.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";

Deno.test("examples: each training target is asked for once an epoch, whether every place is asked or the last only", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 20 }), { items } = dataset.sequences();
    const wanted = Array.from(dataset.targets("train"), (row) => items[row]).sort((a, b) => a - b);
    for (const kind of ["each", "last"] as const) {
      const examples = makeExamples(kind, dataset, { length: 8, seed: 1 });
      const all = examples.pool.of(0), { targets, batch } = examples.questions(all, 0, 0);
      assert.deepEqual([...targets].sort((a, b) => a - b), wanted);
      assert.equal(batch.size, kind === "last" ? wanted.length : all.length);
    }
  }));

Deno.test("a causal method learns the same from one item at a time", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 100, distance: 2 });
    const sizes = { length: 8, dim: 16, hidden: 24, examples: "last" };
    const settings = {
      rate: 5e-3,
      batchSize: 64,
      seed: 1,
      epochs: 4,
      metric: "HR@1" as const,
      protocol: "recbole" as const,
    };
    const training = new Training(await openEngine(), dataset, gru4rec.configure(dataset, sizes), settings);
    const { metrics } = await evaluate(await training.run(), dataset, { protocols: ["recbole"], ks: [1] });
    assert(metrics.recbole["HR@1"] >= 0.8, `HR@1 ${metrics.recbole["HR@1"]}`);
    training.dispose();
  }));

Deno.test("a way to ask that there is not is refused", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 20 });
    assert.throws(() => gru4rec.configure(dataset, { examples: "masked" }), {
      name: "InputError",
      message: /^Cannot build gru4rec: examples: /,
    });
  }));
