import assert from "node:assert/strict";
import "../../../model/methods/registry.ts";
import { networkFor } from "../../../model/methods/automlp/method.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import { scheduledShare } from "../../../model/train/schedule.ts";
import { Training } from "../../../model/train/training.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";
import { OPTIONS, SIZES } from "./planted_training.ts";

const engine = await openEngine();

Deno.test("half a cosine: from the whole rate by its middle to a fiftieth, where it stays", () => {
  const shares = [0, 0.5, 1, 1.5].map((done) => scheduledShare("cosine", done));
  [1, 0.51, 0.02, 0.02].forEach((share, i) => assert(Math.abs(shares[i] - share) < 1e-12, `${shares}`));
  assert.equal(scheduledShare("constant", 0.7), 1);
});

Deno.test("training: along a cosine the steps grow smaller, and stopping does not change them", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 60 });
    const config = networkFor(dataset, { ...SIZES, lengths: [2] });
    const start = () => new Training(engine, dataset, config, { ...OPTIONS, schedule: "cosine", epochs: 2 });
    const whole = start(), first = start(), second = start();
    const moved: number[] = [];
    for (let i = 0; i < 20; i++) {
      const before = whole.values().get("output.bo")!;
      whole.step();
      const after = whole.values().get("output.bo")!;
      moved.push(Math.hypot(...after.map((value, i) => value - before[i])));
    }
    const mean = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
    assert(mean(moved.slice(-5)) < 0.5 * mean(moved.slice(0, 5)), `${moved}`);
    for (let i = 0; i < 7; i++) first.step();
    second.restore(first.state());
    for (let i = 0; i < 13; i++) second.step();
    assert.deepEqual(second.values(), whole.values());
    [whole, first, second].forEach((training) => training.dispose());
  }));

Deno.test("training: the cosine goes over all epochs, and each record has the rate that it came to", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 60 });
    const config = networkFor(dataset, { ...SIZES, lengths: [2] });
    const training = new Training(engine, dataset, config, {
      ...OPTIONS,
      rate: 0.01,
      schedule: "cosine",
      epochs: 4,
      patience: 4,
    });
    for await (const _epoch of training);
    const shares = training.history.map(({ rate }) => rate! / 0.01), half = Math.SQRT1_2;
    // The cosine of a quarter of π, a half, three quarters, and π.
    [half, 0, -half, -1].forEach((cosine, epoch) => {
      const share = 0.02 + 0.98 * (1 + cosine) / 2;
      assert(Math.abs(shares[epoch] - share) < 1e-12, `${shares}`);
    });
    training.dispose();
  }));
