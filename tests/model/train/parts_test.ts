/** Training on a dataset in parts: one of them is in memory at a time. */
import assert from "node:assert/strict";
import "../../../model/methods/registry.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import { packTraining, unpackTraining } from "../../../model/train/checkpoint.ts";
import { methodOf } from "../../../model/train/methods.ts";
import { Training } from "../../../model/train/training.ts";
import type { SequenceDataset } from "../../../mod.ts";
import { withFolder } from "../../folders.ts";
import { both } from "../in_parts.ts";
import { OPTIONS, SIZES } from "./planted_training.ts";

const engine = await openEngine();

const SMALL = { length: 12, dim: 8 };

for (
  const [method, sizes, what] of [
    ["automlp", { ...SIZES, lengths: [2] }, "rows"],
    ["automlp", { ...SIZES, lengths: [2], targetsPerHistory: 4 }, "groups"],
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
      /^InputError: Cannot resume from the checkpoint: it was written within an epoch, when the dataset was divided into other parts; prepare/,
    );
    const onward = first.with(), elsewhere = first.with({ dataset: one });
    assert.deepEqual([onward.steps.done, elsewhere.steps.done], [1, 0]);
    for (const training of [first, other, onward, elsewhere]) training.dispose();
  }));
