/**
 * GRU4Rec: gated recurrent units over the sequence; training predicts the next item at every position.
 *
 * Source: Hidasi et al., "Session-based recommendations with recurrent neural networks" (ICLR 2016), section 3: an embedding layer, GRU
 * layers (equations 2 to 5), a feed-forward layer, scores of all items. Tan et al., "Improved recurrent neural networks for session-based
 * recommendations" (DLRS 2016): all prefixes of a sequence are examples, and dropout of the embedded input, here of its elements. The
 * losses `bpr-max` and `top1-max`, and items' vectors that serve as both input and output (`tied`), are from Hidasi and Karatzoglou,
 * "Recurrent neural networks with top-k gains" (CIKM 2018). The default is the cross-entropy over all items, which trains it best (Petrov
 * and Macdonald; Klenitskiy and Vasilev, both RecSys 2023, for such losses in general).
 *
 * The papers process sessions side by side and carry the state from step to step; here a window of the sequence is processed at
 * once, starting from an empty state. PyTorch's form of the cell weighs the state's product by r, where the paper's weighs the state.
 *
 * RecBole's GRU4Rec, which follows Tan et al., has one example for each prefix, vectors that serve as both, and no item biases.
 *
 * @module
 */
import { z } from "zod";
import type { Tensor2D, Tensor3D } from "../backend/tensor.ts";
import { denseLayer } from "../layers/dense.ts";
import { parametersOf } from "../layers/parameters.ts";
import { recurrentLayers } from "../layers/recurrent.ts";
import type { Network } from "../train/network.ts";
import { causal, type Configured, neuralMethod, RECURRENT_TRAINING, shapes, withDefault } from "./neural.ts";
import { itemTables, itemTablesShape } from "./item_tables.ts";

const shape = {
  ...shapes,
  layers: withDefault(shapes.layers, 1),
  hidden: z.int().positive().max(16_384).default(128)
    .meta({ title: "H", description: "size of the recurrent state", space: [64, 128, 256] }),
  ...itemTablesShape({ tied: true, itemBias: false }),
  ...causal,
};
type Config = Configured<typeof shape>;

function networkOf(config: Config): Network {
  const { dim, hidden } = config;
  const tables = itemTables(config);
  const states = recurrentLayers("gru", "gru", config);
  const output = denseLayer(["output.w", "output.b"], dim, hidden);
  return {
    parameters: parametersOf(tables, states, output),
    items: tables.items,
    biases: tables.biases,
    encode(pass, batch, items) {
      const { ops } = pass;
      const embedded = pass.dropout(tables.histories(pass, batch, items)); // [T · B, D]
      const y = states.apply(pass, ops.reshape<Tensor3D>(embedded, [batch.length, -1, dim]), batch); // [T, B, H]
      return output.apply(pass, ops.gather(ops.reshape<Tensor2D>(y, [-1, hidden]), batch.at));
    },
  };
}

/** GRU4Rec (Hidasi et al., ICLR 2016). */
export const gru4rec = neuralMethod({
  name: "gru4rec",
  title: "GRU4Rec",
  paper: "Hidasi et al., ICLR 2016",
  help: "gated recurrent units over the sequence",
  shape,
  examples: ({ examples }) => examples,
  loss: "ce",
  training: RECURRENT_TRAINING,
  network: (_dataset, config) => networkOf(config),
});
