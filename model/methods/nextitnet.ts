/**
 * NextItNet: residual blocks of dilated causal convolutions; training predicts the next item at every position.
 *
 * Source: Yuan et al., "A simple convolutional generative network for next item recommendation" (WSDM 2019): residual block (b)
 * of figure 3, x + ReLU(LayerNorm(ψ₂(ReLU(LayerNorm(ψ₁(x)))))), ψ₁ and ψ₂ convolutions over three positions with dilations l and 2 l; the
 * dilations are 1, 2, 4, 8 and repeat; every position scores all items by a matrix and a bias of their own. Dropout of the
 * embedded input is ours: the paper has none.
 *
 * In the authors' code, padding before a short history is an item like any other; here it counts as zero throughout, so that its amount
 * makes no difference. RecBole's NextItNet learns from the last position only, has another layer after the blocks,
 * scores by the input embeddings (`tied` here), and has L2 regularisation.
 *
 * @module
 */
import { z } from "zod";
import type { Tensor2D, Tensor3D } from "../backend/tensor.ts";
import { norm } from "../layers/dense.ts";
import { bias, type Layer, type Parameter, parametersOf } from "../layers/parameters.ts";
import type { Pass } from "../layers/pass.ts";
import type { Value } from "../ops/ops.ts";
import type { Batch, Network } from "../train/network.ts";
import { causal, type Configured, neuralMethod, shapes } from "./neural.ts";
import { itemTables, itemTablesShape } from "./item_tables.ts";

const size = z.int().positive().max(64);

const shape = {
  ...shapes,
  layers: size.default(4).meta({
    title: "L",
    description: "number of residual blocks, of two convolutions each",
  }),
  kernel: size.default(3).meta({ title: "K", description: "number of positions that a convolution covers" }),
  period: size.max(12).default(2)
    .meta({
      title: "N",
      description: "number of blocks after which the dilations 1, 2, 4, 8 … start again at 1",
    }),
  ...itemTablesShape({ tied: false, itemBias: true }),
  ...causal,
};
type Config = Configured<typeof shape>;

/** ReLU(LayerNorm(ψ(x))) */
interface Convolution extends Layer {
  /** [T · B, D] → [T · B, D] */
  apply(pass: Pass, x: Value<Tensor2D>, batch: Batch): Value<Tensor2D>;
}

function convolution(name: string, dilation: number, { dim, kernel: taps }: Config): Convolution {
  const w: Parameter<Tensor3D> = {
    name: `${name}.w`,
    shape: [taps, dim, dim],
    deviation: Math.sqrt(1 / (taps * dim)),
  };
  const b = bias(`${name}.b`, dim), normal = norm(name, dim);
  return {
    parameters: parametersOf(w, b, normal),
    apply(pass, x, { length, ids }) {
      const { ops } = pass;
      const inTime = ops.reshape<Tensor3D>(x, [length, -1, dim]);
      const y = ops.convolution(inTime, pass.weights({ w, b }), { taps, dilation, length, ids });
      return ops.relu(normal.apply(pass, ops.reshape<Tensor2D>(y, [-1, dim])));
    },
  };
}

function networkOf(config: Config): Network {
  const { layers, period } = config;
  const tables = itemTables(config);
  const blocks = Array.from({ length: layers }, (_, i) => {
    const dilation = 4 ** (i % period);
    return [convolution(`block.${i}.1`, dilation, config), convolution(`block.${i}.2`, 2 * dilation, config)];
  });
  return {
    parameters: parametersOf(tables, ...blocks.flat()),
    items: tables.items,
    biases: tables.biases,
    encode(pass, batch, items) {
      const { ops } = pass;
      const x = pass.dropout(tables.histories(pass, batch, items)); // [T · B, D]
      const y = blocks.reduce(
        (y, [first, second]) => ops.add(y, second.apply(pass, first.apply(pass, y, batch), batch)),
        x,
      );
      return ops.gather(y, batch.at);
    },
  };
}

/** NextItNet (Yuan et al., WSDM 2019). */
export const nextitnet = neuralMethod({
  name: "nextitnet",
  title: "NextItNet",
  paper: "Yuan et al., WSDM 2019",
  help: "residual blocks of dilated causal convolutions",
  shape,
  examples: ({ examples }) => examples,
  loss: "ce",
  training: { batchSize: 128 },
  network: (_dataset, config) => networkOf(config),
});
