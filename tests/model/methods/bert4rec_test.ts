import assert from "node:assert/strict";
import { bert4rec } from "../../../model/methods/bert4rec.ts";
import { methodContract, smallDataset } from "./method_contract.ts";
import { torchTest } from "./torch_fixture.ts";

methodContract("bert4rec", {
  config: { length: 12, dim: 16, layers: 1, heads: 2, hidden: 0.3, dropout: 0.05 },
  // It learns three places of each sequence per epoch, whereas others learn all.
  training: { rate: 1e-2, epochs: 20 },
  hits: 0.8,
  variants: [{ layers: 2 }],
});

Deno.test("bert4rec: a history with no place but the hidden item's is refused", async () => {
  const dataset = await smallDataset();
  assert.throws(() => bert4rec.configure(dataset, { length: 1 }), {
    name: "InputError",
    message: /^Cannot build BERT4Rec: the next item, which is hidden, takes one place .*; give 2 or more$/,
  });
});

torchTest("bert4rec", "bert4rec.json");
