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
import type { Tensor1D, Tensor2D, Tensor3D } from "../backend/tensor.ts";
import { bias, dense, type ParameterSpec } from "../layers/parameters.ts";
import { recurrentLayers, recurrentParameters } from "../layers/recurrent.ts";
import type { Value } from "../ops/tape.ts";
import { type Batch, type Network, newest } from "../train/network.ts";
import type { Pass } from "../train/pass.ts";
import { causal, type Configured, RECURRENT_TRAINING, shapes, withDefault } from "./config.ts";
import { historyVectors, itemBiases, itemParameters, itemTables, itemVectors } from "./item_tables.ts";
import { neuralMethod } from "./neural.ts";

const shape = {
  ...shapes,
  layers: withDefault(shapes.layers, 1),
  hidden: z.int().positive().max(16_384).default(128)
    .meta({ title: "H", description: "size of the recurrent state", space: [64, 128, 256] }),
  ...itemTables({ tied: true, itemBias: false }),
  ...causal,
};
/** The method's sizes and choices. */
export type Config = Configured<typeof shape>;

class Gru4recNetwork implements Network {
  readonly parameters: readonly ParameterSpec[];

  constructor(readonly config: Config) {
    const { items, dim, hidden, layers } = config;
    this.parameters = [
      ...itemParameters(items, config),
      ...recurrentParameters("gru", "gru", layers, dim, hidden),
      dense("output.w", dim, hidden),
      bias("output.b", dim),
    ];
  }

  items(pass: Pass, ids: Uint32Array): Value<Tensor2D> {
    return itemVectors(pass, ids, this.config);
  }

  biases(pass: Pass, ids: Uint32Array): Value<Tensor1D> | undefined {
    return itemBiases(pass, ids, this.config);
  }

  encode(pass: Pass, batch: Batch, items: Value<Tensor2D>): Value<Tensor2D> {
    const { ops } = pass, { dim, hidden, layers } = this.config;
    const { size, length, ids, at = newest(batch) } = batch;
    const embedded = pass.dropout(historyVectors(pass, batch, items, this.config));
    const x = ops.reshape<Tensor3D>(embedded, [length, size, dim]);
    const y = recurrentLayers(pass, "gru", "gru", layers, x, ids); // [T, B, H]
    const states = ops.gather(ops.reshape<Tensor2D>(y, [length * size, hidden]), at);
    return ops.dense(states, pass.weight("output.w"), pass.weight<Tensor1D>("output.b"));
  }
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
  network: (_dataset, config) => new Gru4recNetwork(config),
});
