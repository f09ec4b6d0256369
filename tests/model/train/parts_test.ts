/** Training on a dataset in parts: one of them is in memory at a time. */
import assert from "node:assert/strict";
import "../../../model/methods/registry.ts";
import { networkFor } from "../../../model/automlp/build.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import { Search } from "../../../model/search/search.ts";
import { packTraining, unpackTraining } from "../../../model/train/checkpoint.ts";
import { methodOf } from "../../../model/train/method.ts";
import { Training } from "../../../model/train/training.ts";
import type { SequenceDataset } from "../../../mod.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";
import { OPTIONS, SIZES } from "./planted_training.ts";

const engine = await openEngine();

/** A dataset of 60 users with 30 interactions each, in one file, and in four parts, of which nobody may hold all. */
async function both(dir: string): Promise<{ one: SequenceDataset; inParts: SequenceDataset }> {
  const one = await plantedDataset(dir, { users: 60 });
  const inParts = await plantedDataset(dir, { users: 60 }, undefined, 500);
  assert.deepEqual(inParts.parts.map(({ users }) => users), [16, 16, 16, 12]);
  inParts.sequences = () => assert.fail("all sequences are held at once");
  return { one, inParts };
}

const SMALL = { length: 12, dim: 8 };

for (
  const [method, sizes, what] of [
    ["automlp", { ...SIZES, candidates: [2] }, "rows"],
    ["automlp", { ...SIZES, candidates: [2], targetsPerHistory: 4 }, "groups"],
    ["gru4rec", { ...SMALL, hidden: 8, examples: "last" }, "rows"],
    ["fpmc", { dim: 8 }, "windows"],
    ["gru4rec", { ...SMALL, hidden: 8 }, "windows"],
    ["bert4rec", SMALL, "windows"],
  ] as const
) {
  Deno.test(`${method}, ${what}: the batch of some examples of a part is that of the same ones in one file`, () =>
    withFolder(async (dir) => {
      const { one, inParts } = await both(dir);
      const build = (dataset: SequenceDataset) => {
        const neural = methodOf({ method });
        const config = neural.configure(dataset, sizes);
        return neural.build(engine, dataset, config, { ...OPTIONS, loss: "bce" });
      };
      const whole = build(one), parts = build(inParts), all = whole.examples.of(0);
      let before = 0;
      for (const [part, size] of parts.examples.sizes.entries()) {
        const own = parts.examples.of(part), shift = what === "rows" ? inParts.parts[part].firstRow : before;
        assert.equal(own.length, size);
        assert.deepEqual(own.map((row) => row + shift), all.slice(before, before + size));
        const some = own.filter((_, i) => i % 5 === 3).reverse(), number = 7 + part;
        assert.deepEqual(
          parts.example(some, { number, part, epoch: 1 }),
          whole.example(some.map((row) => row + shift), { number, part: 0, epoch: 1 }),
        );
        before += size;
      }
      assert.equal(before, all.length);
    }));
}

Deno.test("in parts, too, training continues from a saved state to the same result, wherever it was cut", () =>
  withFolder(async (dir) => {
    const { one, inParts } = await both(dir);
    const config = methodOf({ method: "gru4rec" }).configure(inParts, { ...SMALL, hidden: 8 });
    const start = () => new Training(engine, inParts, config, { ...OPTIONS, batchSize: 8, epochs: 2 });
    const whole = start();
    for await (const _epoch of whole);
    const { epoch: steps } = whole.steps;
    for (const cut of [1, steps - 1, steps, steps + 5]) {
      const first = start(), second = start();
      if (cut >= steps) await first.epoch();
      for (let i = 0; i < cut % steps; i++) first.step();
      const { tensors, state } = packTraining(first.state());
      second.restore(unpackTraining({ tensors, state: JSON.parse(JSON.stringify(state)) }));
      for await (const _epoch of second);
      assert.deepEqual(second.values(), whole.values());
      first.dispose();
      second.dispose();
    }
    whole.dispose();
    const first = start();
    first.step();
    const other = new Training(engine, one, config, { ...OPTIONS, batchSize: 8, epochs: 2 }),
      state = first.state();
    assert.throws(
      () => other.restore(state),
      /^InputError: Cannot resume from the checkpoint: it is in the midst of an epoch, and the dataset was in other parts then; prepare/,
    );
    const onward = first.with(), elsewhere = first.with({ dataset: one });
    assert.deepEqual([onward.steps.done, elsewhere.steps.done], [1, 0]);
    for (const training of [first, other, onward, elsewhere]) training.dispose();
  }));

Deno.test("a search, which holds all sequences, makes the same steps", () =>
  withFolder(async (dir) => {
    const losses = [];
    for (const partRows of [undefined, 500]) {
      const dataset = await plantedDataset(dir, { users: 60 }, undefined, partRows);
      const search = new Search(engine, dataset, networkFor(dataset, { ...SIZES, candidates: [2, 4] }), {
        ...{ batchSize: 64, seed: 1, epochs: 1 },
      });
      losses.push(Array.from({ length: 6 }, () => search.step()));
      search.dispose();
    }
    assert.deepEqual(losses[1], losses[0]);
  }));
