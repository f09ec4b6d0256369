/** Training and searching in mixed precision: what is rounded, what is learnt, and what stays float32. */
import assert from "node:assert/strict";
import "../../../model/methods/registry.ts";
import { networkFor } from "../../../model/methods/automlp/method.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import type { Precision } from "../../../model/backend/precision.ts";
import { Search } from "../../../model/search/search.ts";
import { Training } from "../../../model/train/training.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";
import { OPTIONS, SIZES } from "./planted_training.ts";

const engine = await openEngine();
const PRECISIONS: Precision[] = ["float32", "bfloat16"];

const test = (
  name: string,
  fn: (dataset: Awaited<ReturnType<typeof plantedDataset>>) => Promise<void> | void,
) =>
  Deno.test({
    name: `bfloat16, ${name}${engine.bfloat16 ? "" : ` (the ${engine.name} engine has none)`}`,
    ignore: !engine.bfloat16,
    fn: async () => await withFolder(async (dir) => await fn(await plantedDataset(dir, { users: 60 }))),
  });

test("a training learns as much, of other digits, and is the same each time", async (dataset) => {
  const config = networkFor(dataset, { ...SIZES, lengths: [5] });
  const trained = async (precision: Precision) => {
    const training = new Training(engine, dataset, config, { ...OPTIONS, precision });
    const first = training.step();
    await training.run();
    const { loss, metrics } = training.history.at(-1)!;
    training.dispose();
    return { first, loss, metrics };
  };
  const [plain, mixed] = [await trained("float32"), await trained("bfloat16")];
  assert.notEqual(mixed.first, plain.first);
  assert.ok(Math.abs(mixed.first / plain.first - 1) < 1e-3, `${mixed.first}, ${plain.first}`);
  assert.ok(Math.abs(mixed.loss / plain.loss - 1) < 0.03, `${mixed.loss}, ${plain.loss}`);
  assert.ok(mixed.metrics["HR@1"] > 0.6, `HR@1 ${mixed.metrics["HR@1"]}`);
  assert.deepEqual(await trained("bfloat16"), mixed);
});

test("what a network scores is float32 whatever it was trained in", async (dataset) => {
  const config = networkFor(dataset, { ...SIZES, lengths: [5] });
  // With a learning rate of zero, the weights stay those of the seed.
  const [plain, mixed] = await Promise.all(PRECISIONS.map(async (precision) => {
    const training = new Training(engine, dataset, config, {
      ...OPTIONS,
      averaging: 0,
      epochs: 1,
      precision,
    });
    training.rate = 0;
    const record = await training.epoch();
    training.dispose();
    return record!;
  }));
  assert.notEqual(mixed.loss, plain.loss);
  assert.deepEqual(mixed.metrics, plain.metrics);
});

test("the candidates of a search are judged in float32", (dataset) => {
  const config = networkFor(dataset, { ...SIZES, lengths: [2, 5] });
  const [plain, mixed] = PRECISIONS.map((precision) => {
    const { patience: _1, metric: _2, protocol: _3, ...options } = OPTIONS;
    const search = new Search(engine, dataset, config, { ...options, warmup: 0, precision });
    search.rate = 0;
    const losses = search.step();
    search.dispose();
    return losses;
  });
  assert.notEqual(mixed.trainLoss, plain.trainLoss);
  assert.equal(mixed.validationLoss, plain.validationLoss);
});
