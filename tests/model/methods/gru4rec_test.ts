import { methodContract } from "./method_contract.ts";

methodContract("gru4rec", {
  config: { length: 12, dim: 16, hidden: 24, layers: 1, dropout: 0.05 },
  hits: 0.8,
});
