import { methodContract } from "./method_contract.ts";
import { torchTest } from "./torch_fixture.ts";

methodContract("bert4rec", {
  config: { length: 12, dim: 16, layers: 1, heads: 2, hidden: 0.3, dropout: 0.05 },
  // Of each sequence it learns three places an epoch, where others learn all.
  training: { rate: 1e-2, epochs: 20 },
  hits: 0.8,
  variants: [{ layers: 2 }],
});

torchTest("bert4rec", "bert4rec.json");
