/**
 * The search by outputs compared with PyTorch: `tests/python/make_search_fixture.py` writes the results of its autograd for the same
 * numbers.
 */
import assert from "node:assert/strict";
import { networkFor } from "../../../model/methods/automlp/method.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import { BilevelStep, firstOrder, secondOrder } from "../../../model/search/mixed_outputs.ts";
import { resolveSearch } from "../../../model/search/options.ts";
import { poolOf } from "../../../model/train/order.ts";
import { Trainer } from "../../../model/search/trainer.ts";
import { inFolder, makeDataset } from "../../pipeline/export/dataset.ts";
import fixture from "./fixtures/torch.json" with { type: "json" };

const engine = await openEngine();
const { alpha, first, ahead, second, scale, xi } = fixture;

/** Relative error of numbers: the length of the error over that of the exact ones, minus `less`. */
function off(found: Float64Array, exact: number[], less: number[] = exact.map(() => 0)): number {
  const error = exact.reduce((sum, value, m) => sum + (found[m] - value) ** 2, 0);
  return Math.sqrt(error / exact.reduce((sum, value, m) => sum + (value - less[m]) ** 2, 0));
}

Deno.test("search by outputs: losses and the gradients of α, first and second order, are PyTorch's", () =>
  inFolder(async (folder) => {
    const sequences = Object.fromEntries(fixture.sequences.map((items, u) => [`u${u}`, items.map(String)]));
    const ids = [...new Set(fixture.sequences.flat())].sort((a, b) => a - b);
    const dataset = await makeDataset(folder, {
      sequences,
      items: Object.fromEntries(ids.map((item) => [item, {}])),
    });
    const config = networkFor(dataset, { ...fixture.network, dropout: 0, seenBias: 0 });
    const targets = dataset.targets("train"),
      options = resolveSearch({ loss: "ce", batchSize: targets.length }, dataset);
    const trainer = new Trainer(engine, dataset, config, options, poolOf(targets), "search");
    trainer.optimizer.setValues(
      new Map(Object.entries(fixture.weights).map(([name, values]) => [name, Float32Array.from(values)])),
    );
    const example = trainer.example({ part: 0, rows: dataset.targets("validation") }, 0, "validation");
    const found: Record<string, BilevelStep & { gradient: Float64Array }> = {};
    const trainLoss = trainer.step(alpha, (training) => {
      const gradients = { first: firstOrder, second: (step: BilevelStep) => secondOrder(step, xi) };
      for (const [order, gradientOf] of Object.entries(gradients)) {
        const step = new BilevelStep(trainer, Float64Array.from(alpha), example, scale, training);
        found[order] = Object.assign(step, { gradient: gradientOf(step) });
      }
    });
    trainer.dispose();

    assert(off(Float64Array.of(trainLoss), [fixture.trainLoss]) < 1e-6);
    for (const [order, exact] of Object.entries({ first, second })) {
      const { gradient, validationLoss, dScale } = found[order];
      assert(off(Float64Array.of(validationLoss), [exact.validationLoss]) < 1e-6, order);
      assert(off(Float64Array.of(dScale * scale), [exact.logScale]) < 1e-4, order);
      assert(off(gradient, exact.alpha) < 1e-3, `${order}: ${gradient}, PyTorch has ${exact.alpha}`);
    }
    // For the second order's own part, which is small compared with the rest, a one-sided difference is less exact.
    const part = off(found.second.gradient, second.alpha, ahead.alpha);
    assert(part < 5e-3, `how W′ follows α is ${part.toFixed(4)} off`);
  }));
