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
import type { Tensor1D, Tensor2D, Tensor3D } from "../backend/tensor.ts";
import { bias, type ParameterSpec } from "../layers/parameters.ts";
import { norm, normParameters } from "../layers/transformer.ts";
import { convolution } from "../ops/convolution.ts";
import type { Value } from "../ops/tape.ts";
import { type Batch, type Network, newest } from "../train/network.ts";
import type { Pass } from "../train/pass.ts";
import { causal, type Configured, shapes } from "./config.ts";
import { historyVectors, itemBiases, itemParameters, itemTables, itemVectors } from "./item_tables.ts";
import { neuralMethod } from "./neural.ts";

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
  ...itemTables({ tied: false, itemBias: true }),
  ...causal,
};
/** The method's sizes and choices. */
export type Config = Configured<typeof shape>;

class NextItNetNetwork implements Network {
  readonly parameters: readonly ParameterSpec[];

  constructor(readonly config: Config) {
    const { items, dim, layers } = config;
    this.parameters = [
      ...itemParameters(items, config),
      ...Array.from(
        { length: layers },
        (_, i) => [1, 2].flatMap((part) => this.#convolutionParameters(`block.${i}.${part}`, dim)),
      ).flat(),
    ];
  }

  #convolutionParameters(name: string, dim: number): ParameterSpec[] {
    const { kernel } = this.config;
    return [
      { name: `${name}.w`, shape: [kernel, dim, dim], deviation: Math.sqrt(1 / (kernel * dim)) },
      bias(`${name}.b`, dim),
      ...normParameters(name, dim),
    ];
  }

  items(pass: Pass, ids: Uint32Array): Value<Tensor2D> {
    return itemVectors(pass, ids, this.config);
  }

  biases(pass: Pass, ids: Uint32Array): Value<Tensor1D> | undefined {
    return itemBiases(pass, ids, this.config);
  }

  encode(pass: Pass, batch: Batch, items: Value<Tensor2D>): Value<Tensor2D> {
    const { ops } = pass, { layers, period } = this.config, { at = newest(batch) } = batch;
    let x = pass.dropout(historyVectors(pass, batch, items, this.config)); // [T · B, D]
    for (let i = 0; i < layers; i++) {
      const dilation = 4 ** (i % period);
      const inner = this.#convolve(pass, `block.${i}.1`, x, dilation, batch);
      x = ops.add(x, this.#convolve(pass, `block.${i}.2`, inner, 2 * dilation, batch));
    }
    return ops.gather(x, at);
  }

  /** Computes ReLU(LayerNorm(ψ(x))). */
  #convolve(
    pass: Pass,
    name: string,
    x: Value<Tensor2D>,
    dilation: number,
    { size, length, ids }: Batch,
  ): Value<Tensor2D> {
    const { ops } = pass, inTime = ops.reshape<Tensor3D>(x, [length, size, this.config.dim]);
    const weights = { w: pass.weight<Tensor3D>(`${name}.w`), b: pass.weight<Tensor1D>(`${name}.b`) };
    const y = convolution(ops, inTime, weights, dilation, ids);
    return ops.relu(norm(pass, name, ops.reshape<Tensor2D>(y, x.shape)));
  }
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
  network: (_dataset, config) => new NextItNetNetwork(config),
});
