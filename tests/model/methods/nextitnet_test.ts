import { methodContract } from "./method_contract.ts";
import { torchTest } from "./torch_fixture.ts";

methodContract("nextitnet", {
  config: { length: 12, dim: 16, layers: 1, dropout: 0.05 },
  hits: 0.8,
  variants: [{ layers: 2, period: 1 }, { kernel: 2 }, { tied: true }, { tied: true, itemBias: false }],
});

torchTest("nextitnet", "nextitnet.json");
