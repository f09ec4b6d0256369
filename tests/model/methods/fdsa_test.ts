import assert from "node:assert/strict";
import { openEngine, Training } from "../../../mod.ts";
import { fdsa } from "../../../model/methods/fdsa.ts";
import { InputError } from "../../../pipeline/contract/errors.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";
import { plantedFeatures } from "../planted_features.ts";
import { methodContract, smallDataset } from "./method_contract.ts";
import { torchTest } from "./torch_fixture.ts";

methodContract("fdsa", {
  config: { length: 12, dim: 16, layers: 1, heads: 2, dropout: 0.05 },
  hits: 0.9,
  variants: [{ layers: 2 }],
  data: { make: plantedFeatures, small: await smallDataset(plantedFeatures) },
});

Deno.test("fdsa: without features it is refused in words", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 5 }), engine = await openEngine();
    assert.throws(
      () => new Training(engine, dataset, fdsa.configure(dataset, {})),
      (error) => error instanceof InputError && /item features.*with items/.test(error.message),
    );
  }));

torchTest("fdsa", "fdsa.json");
