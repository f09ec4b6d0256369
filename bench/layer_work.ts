/**
 * What `bench layer` measures: one operation of sequence models, forward and backward, on random numbers.
 *
 * @module
 */
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from "../model/backend/tensor.ts";
import type { Engine } from "../model/backend/types.ts";
import { RandomStream } from "../pipeline/contract/random.ts";

/** The layers, by the names that the command line and the peer take. */
export const LAYERS = [
  "gru",
  "lstm",
  "attention",
  "conv",
  "cross-entropy",
  "layer-norm",
  "feed-forward",
] as const;
export type LayerName = (typeof LAYERS)[number];

/** Sizes of a layer. */
export interface LayerSizes {
  batch: number;
  length: number;
  dim: number;
  hidden: number;
  items: number;
  heads: number;
  causal: boolean;
  dropout: number;
  taps: number;
  dilation: number;
  activation: "gelu" | "relu";
  seed: number;
}

/** A layer that is ready to be timed. */
export interface LayerWork {
  /** Runs forward and backward; the caller owns the result. */
  step(): Tensor[];
  /** Multiplications and additions of its matrix products, forward and backward, nothing computed twice. */
  flops: number;
  dispose(): void;
}

/** Makes the layer's inputs and weights. */
export function layerWork({ tf, kernels: k }: Engine, layer: LayerName, sizes: LayerSizes): LayerWork {
  const { batch, length, dim, hidden, items, heads, causal, taps, dilation, activation, seed } = sizes;
  const random = new RandomStream(seed, "bench/layer"), all: Tensor[] = [], rows = batch * length;
  const tensor = (deviation: number, ...shape: number[]) => {
    const values = Float32Array.from(
      { length: shape.reduce((a, b) => a * b) },
      () => deviation * Math.sqrt(12) * (random.below(2 ** 24) / 2 ** 24 - 0.5),
    );
    all.push(tf.tensor(values, shape));
    return all.at(-1)!;
  };
  const ready = (flops: number, step: () => Record<string, Tensor>): LayerWork => ({
    step: () => Object.values(tf.tidy(step)),
    flops: 3 * flops,
    dispose: () => tf.dispose(all),
  });
  const x = () => tensor(1, length, batch, dim) as Tensor3D;
  const fan = 1 / Math.sqrt(hidden);

  switch (layer) {
    case "gru":
    case "lstm": {
      const gates = (layer === "gru" ? 3 : 4) * hidden,
        input = x(),
        dy = tensor(1, length, batch, hidden) as Tensor3D;
      const weights = {
        wx: tensor(fan, gates, dim) as Tensor2D,
        wh: tensor(fan, gates, hidden) as Tensor2D,
        bx: tensor(fan, gates) as Tensor1D,
        bh: tensor(fan, gates) as Tensor1D,
      };
      return ready(2 * rows * gates * (dim + hidden), () => {
        const recurred = k[layer](input, weights);
        return { y: recurred.y, ...k[`${layer}Grad`](dy, input, weights, recurred) };
      });
    }
    case "attention": {
      const [input, dy] = [x(), x()], square = () => tensor(1 / Math.sqrt(dim), dim, dim) as Tensor2D;
      const weights = { wq: square(), wk: square(), wv: square() };
      const dropout = sizes.dropout > 0 ? { rate: sizes.dropout, seed } : undefined;
      const settings = { heads, causal, dropout };
      return ready(rows * dim * (6 * dim + 4 * length), () => {
        const y = k.attention(input, input, weights, settings);
        const { dx, wq, wk, wv } = k.attentionGrad(dy, input, input, weights, settings);
        return { y, dx, wq, wk, wv };
      });
    }
    case "conv": {
      const input = x(), dy = tensor(1, length, batch, hidden) as Tensor3D;
      const weights = { w: tensor(fan, taps, hidden, dim) as Tensor3D, b: tensor(fan, hidden) as Tensor1D };
      return ready(2 * rows * taps * dim * hidden, () => ({
        y: k.convolution(input, weights, dilation),
        ...k.convolutionGrad(dy, input, weights, dilation),
      }));
    }
    case "cross-entropy": {
      const h = tensor(1 / Math.sqrt(dim), rows, dim) as Tensor2D, table = tensor(1, items, dim) as Tensor2D;
      const bias = tensor(1, items) as Tensor1D;
      const targets = tf.tensor1d(Int32Array.from({ length: rows }, () => random.below(items)), "int32");
      all.push(targets);
      return ready(
        2 * rows * items * dim,
        () => ({ ...k.linearCrossEntropy(h, table, targets, 1 / rows, { bias }) }),
      );
    }
    case "layer-norm": {
      const input = x(),
        dy = x(),
        weights = { gain: tensor(1, dim) as Tensor1D, bias: tensor(1, dim) as Tensor1D };
      return ready(0, () => ({
        y: k.affineLayerNorm(input, weights, 1e-5),
        ...k.affineLayerNormGrad(dy, input, weights, 1e-5),
      }));
    }
    case "feed-forward": {
      const input = x(),
        dy = x(),
        weights = {
          w1: tensor(1 / Math.sqrt(dim), hidden, dim) as Tensor2D,
          b1: tensor(fan, hidden) as Tensor1D,
          w2: tensor(fan, dim, hidden) as Tensor2D,
          b2: tensor(fan, dim) as Tensor1D,
        };
      return ready(4 * rows * dim * hidden, () => ({
        y: k.feedForward(input, weights, activation),
        ...k.feedForwardGrad(dy, input, weights, activation),
      }));
    }
  }
}
