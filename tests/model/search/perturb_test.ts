/** The second-order gradient of a real network, against differences of the loss one step ahead. */
import assert from "node:assert/strict";
import { networkFor } from "../../../model/methods/automlp/method.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import type { Tensor, Tensor2D } from "../../../model/backend/tensor.ts";
import { ITEM_TABLE } from "../../../model/layers/item_vectors.ts";
import { BilevelStep, directionNorm, perturbed, secondOrder } from "../../../model/search/mixed_outputs.ts";
import { resolveSearch } from "../../../model/search/options.ts";
import { poolOf } from "../../../model/train/order.ts";
import { Trainer } from "../../../model/search/trainer.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";

const engine = await openEngine();
const SMALL = {
  length: 8,
  dim: 8,
  layers: 1,
  longLayers: 1,
  sequenceHidden: 8,
  channelHidden: 8,
  dropout: 0.3,
};
const XI = 0.05;

Deno.test("weights along a direction: parameters of the pass, rows of the item table that it names, and no others", () =>
  engine.tf.tidy(() => {
    const { tf } = engine, table = tf.tensor2d([[0, 0], [1, 10], [2, 20], [3, 30]]);
    const tensors: Record<string, Tensor> = {
      [ITEM_TABLE]: table,
      w: tf.tensor1d([1, 2]),
      other: tf.tensor1d([5]),
    };
    const gradient = tf.tensor2d([[1, 2], [0, 12]]) as Tensor2D;
    const direction = {
      gradients: { w: tf.tensor1d([3, -4]) },
      rows: [{ table: ITEM_TABLE, rows: Int32Array.of(3, 1), gradient }],
    };
    assert(Math.abs(directionNorm(engine, direction) - Math.hypot(3, 4, 1, 2, 12)) < 1e-6);
    const moved = perturbed(engine, (name) => tensors[name], direction, -0.5);
    assert.deepEqual([...moved("w").dataSync()], [-0.5, 4]);
    assert.deepEqual([...moved("other").dataSync()], [5]);
    assert.deepEqual(moved.rows!(ITEM_TABLE, Int32Array.of(3, 2, 1, 0, 3)).arraySync(), [
      [2.5, 29],
      [2, 20],
      [1, 4],
      [0, 0],
      [2.5, 29],
    ]);
  }));

Deno.test("the second order is the slope of the validation loss after one step of the weights", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 16, items: 12, length: 10 });
    const config = networkFor(dataset, { ...SMALL, score: "dot", lengths: [2, 4] });
    const off: number[] = [];
    for (const seed of [1, 2, 3]) {
      const options = resolveSearch({ loss: "ce", search: "darts2", batchSize: 32, seed }, dataset);
      const trainer = new Trainer(
        engine,
        dataset,
        config,
        options,
        poolOf(dataset.targets("train")),
        "search",
      );
      const rows = dataset.targets("validation");
      const validation = trainer.example({ part: 0, rows }, 0, "validation");
      trainer.optimizer.rate = 0; // so that the step changes nothing
      /** Returns what `use` finds in the next step's problem, each time with the first batch. */
      const problem = (first: number, use: (step: BilevelStep) => number): number => {
        const alpha = Float64Array.of(first, -0.2);
        let found = NaN;
        trainer.step(alpha, (training) => {
          found = use(new BilevelStep(trainer, alpha, validation, 1, training));
        });
        trainer.cursor.seek(0, 0);
        return found;
      };
      /** The validation loss at W − ξ ∇ L_train(W, α). */
      const ahead = (first: number): number =>
        problem(first, (step) => {
          step.alphaGradient("validation", { direction: step.gradients("train").weights, scale: -XI });
          return step.validationLoss;
        });
      const h = 0.05, alpha = 0.3;
      // Four points: the error is proportional to h⁴.
      const slope =
        (8 * (ahead(alpha + h) - ahead(alpha - h)) - (ahead(alpha + 2 * h) - ahead(alpha - 2 * h))) /
        (12 * h);
      const found = problem(alpha, (step) => secondOrder(step, XI)[0]);
      off.push(Math.abs(found - slope) / Math.abs(slope));
      trainer.dispose();
    }
    assert(Math.max(...off) < 0.02, `relative errors: ${off.map((error) => error.toFixed(4)).join(", ")}`);
  }));
