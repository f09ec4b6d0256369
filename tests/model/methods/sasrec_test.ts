import assert from "node:assert/strict";
import { openEngine, Training } from "../../../mod.ts";
import { sasrec } from "../../../model/methods/sasrec.ts";
import { methodContract, smallDataset } from "./method_contract.ts";
import { torchTest } from "./torch_fixture.ts";

methodContract("sasrec", {
  config: { length: 12, dim: 16, layers: 1, dropout: 0.05 },
  hits: 0.75,
  variants: [{ layers: 2, heads: 4 }],
});

Deno.test("sasrec: heads that cannot share the numbers are refused", async () => {
  const dataset = await smallDataset(), engine = await openEngine();
  assert.throws(() => new Training(engine, dataset, sasrec.configure(dataset, { dim: 16, heads: 3 })), {
    name: "InputError",
    message:
      "Cannot build SASRec: 3 heads cannot share 16 numbers evenly; give a dim that is a multiple of heads",
  });
});

torchTest("sasrec", "sasrec.json");
