import { methodContract } from "./method_contract.ts";
import { torchTest } from "./torch_fixture.ts";

methodContract("lstm-lstm", {
  config: { length: 12, dim: 16, hidden: 16, layers: 1, short: 3, dropout: 0.05 },
  hits: 0.8,
  variants: [{ layers: 2 }, { short: 1 }, { short: 12 }],
});

torchTest("lstm-lstm", "lstm_lstm.json");
