import { methodContract } from "./method_contract.ts";
import { torchTest } from "./torch_fixture.ts";

methodContract("fpmc", {
  config: { length: 12, dim: 16, dropout: 0.05 },
  training: { loss: "bpr" },
  distance: 1,
  hits: 0.7,
  losses: ["bpr", "ce", "bce", "sampled-softmax"],
});

torchTest("fpmc", "fpmc.json");
