/**
 * Layer norm and feed-forward block as compositions of other operations.
 *
 * @module
 */
import { activate } from "./activation_composed.ts";
import type { FeedForwardKernels } from "./feed_forward.ts";
import type { BasicKernels } from "./kernels.ts";
import type { Tensor, Tensor2D, Tf } from "./tensor.ts";

/** Composes both from smaller operations. */
export function composedFeedForward(tf: Tf, k: BasicKernels): FeedForwardKernels {
  const rowsOf = (x: Tensor) => tf.reshape(x, [-1, x.shape.at(-1)!]) as Tensor2D;
  const like = (y: Tensor2D, x: Tensor) => tf.reshape(y, [...x.shape.slice(0, -1), y.shape[1]]);

  return {
    affineLayerNorm: <T extends Tensor>(
      x: T,
      { gain, bias }: { gain: Tensor; bias: Tensor },
      epsilon: number,
    ) => tf.tidy(() => tf.add(tf.mul(k.layerNorm(x, epsilon).y, gain), bias) as T),

    affineLayerNormGrad: (dy, x, { gain }, epsilon) =>
      tf.tidy(() => {
        const { y, scale } = k.layerNorm(x, epsilon);
        return {
          dx: k.layerNormGrad(tf.mul(dy, gain) as typeof dy, y, scale),
          gain: k.biasGrad(tf.mul(dy, y), "last"),
          bias: k.biasGrad(dy, "last"),
        };
      }),

    feedForward: (x, { w1, b1, w2, b2 }, activation) =>
      tf.tidy(() => {
        const hidden =
          activate(tf, k.biasAdd(k.matMul(rowsOf(x), w1, false, true), b1, "last"), activation).y;
        return like(k.biasAdd(k.matMul(hidden, w2, false, true), b2, "last"), x) as typeof x;
      }),

    feedForwardGrad: (dy, x, { w1, b1, w2 }, activation) =>
      tf.tidy(() => {
        const rows = rowsOf(x), dOut = rowsOf(dy);
        const hidden = activate(tf, k.biasAdd(k.matMul(rows, w1, false, true), b1, "last"), activation);
        const dz = tf.mul(k.matMul(dOut, w2), hidden.slope) as Tensor2D;
        return {
          dx: like(k.matMul(dz, w1), x) as typeof x,
          w1: k.matMul(dz, rows, true),
          b1: k.biasGrad(dz, "last"),
          w2: k.matMul(dOut, hidden.y, true),
          b2: k.biasGrad(dOut, "last"),
        };
      }),
  };
}
