import { methodContract } from "./method_contract.ts";
import { torchTest } from "./torch_fixture.ts";

methodContract("gru4rec", {
  config: { length: 12, dim: 16, hidden: 24, layers: 1, dropout: 0.05 },
  hits: 0.8,
  losses: ["ce", "bce", "sampled-softmax", "bpr-max", "top1-max"],
  variants: [{ layers: 2 }, { tied: false }, { itemBias: true }, { tied: false, itemBias: true }],
});

torchTest("gru4rec", "gru4rec.json");
