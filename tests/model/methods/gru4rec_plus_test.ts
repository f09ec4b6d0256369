import assert from "node:assert/strict";
import { evaluate, openEngine, Training } from "../../../mod.ts";
import { gru4rec } from "../../../model/methods/gru4rec.ts";
import { gru4recPlus } from "../../../model/methods/gru4rec_plus.ts";
import { InputError } from "../../../pipeline/contract/errors.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";
import { plantedFeatures } from "../planted_features.ts";
import { methodContract, smallDataset } from "./method_contract.ts";
import { torchTest } from "./torch_fixture.ts";

const SIZES = { length: 12, dim: 16, hidden: 24, layers: 1, dropout: 0.05 };

methodContract("gru4rec-plus", {
  config: SIZES,
  hits: 0.9,
  variants: [{ layers: 2 }],
  data: { make: plantedFeatures, small: await smallDataset(plantedFeatures) },
});

Deno.test("gru4rec-plus: the features are what it learns from where ids say nothing", () =>
  withFolder(async (dir) => {
    const dataset = await plantedFeatures(dir, { users: 300 }), engine = await openEngine();
    const options = {
      rate: 5e-3,
      batchSize: 64,
      seed: 1,
      epochs: 12,
      metric: "HR@1" as const,
      protocol: "recbole" as const,
    };
    const training = new Training(engine, dataset, gru4rec.configure(dataset, SIZES), options);
    const { metrics } = await evaluate(await training.run(), dataset, { protocols: ["recbole"], ks: [1] });
    assert(metrics.recbole["HR@1"] < 0.6, `without features it comes to ${metrics.recbole["HR@1"]}`);
    training.dispose();
  }));

Deno.test("gru4rec-plus: without features it is refused in words", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 5 }), engine = await openEngine();
    assert.throws(
      () => new Training(engine, dataset, gru4recPlus.configure(dataset, {})),
      (error) => error instanceof InputError && /item features.*with items/.test(error.message),
    );
  }));

torchTest("gru4rec-plus", "gru4rec_plus.json");
