/** The second-order gradient of a real network, against differences of the loss one step ahead. */
import assert from "node:assert/strict";
import { networkFor } from "../../../model/automlp/build.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import { secondOrder } from "../../../model/search/architect.ts";
import { resolveSearch } from "../../../model/search/options.ts";
import { BilevelStep } from "../../../model/search/bilevel_step.ts";
import { SearchSpace } from "../../../model/search/space.ts";
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

Deno.test("the second order is the slope of the validation loss after one step of the weights", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 16, items: 12, length: 10 });
    const config = networkFor(dataset, { ...SMALL, score: "dot", candidates: [2, 4] });
    const off: number[] = [];
    for (const seed of [1, 2, 3]) {
      const options = resolveSearch({ loss: "ce", order: 2, batchSize: 32, seed }, dataset);
      const trainer = new Trainer(
        engine,
        dataset,
        new SearchSpace(config),
        options,
        poolOf(dataset.targets("train")),
        "search",
      );
      const validation = trainer.objective.example(dataset.targets("validation"), 0, dataset.sequences());
      trainer.optimizer.rate = 0; // the step is taken in thought only
      /** What `use` finds in the next step's problem; the first batch, each time. */
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
      // Four points: the error goes with h⁴.
      const slope =
        (8 * (ahead(alpha + h) - ahead(alpha - h)) - (ahead(alpha + 2 * h) - ahead(alpha - 2 * h))) /
        (12 * h);
      const found = problem(alpha, (step) => secondOrder(step, XI)[0]);
      off.push(Math.abs(found - slope) / Math.abs(slope));
      trainer.dispose();
    }
    assert(Math.max(...off) < 0.02, `relative errors: ${off.map((error) => error.toFixed(4)).join(", ")}`);
  }));
