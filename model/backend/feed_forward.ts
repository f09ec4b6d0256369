/**
 * The position-wise parts of a transformer, each with its gradient and its composition of smaller operations.
 *
 * @module
 */
import type { BasicKernels } from "./kernels.ts";
import type { Tensor, Tensor1D, Tensor2D, Tf } from "./tensor.ts";

/** The activation of each hidden unit: x·Φ(x), or max(x, 0). */
export type Activation = "gelu" | "relu";

/** Gain and bias of a layer norm over D channels, or their gradients. */
export interface LayerNormWeights {
  /** [D] */
  gain: Tensor1D;
  /** [D] */
  bias: Tensor1D;
}

/** Weights of a feed-forward block of R hidden units from D to E channels, or their gradients. */
export interface FeedForwardWeights {
  /** [R, D] */
  w1: Tensor2D;
  /** [R] */
  b1: Tensor1D;
  /** [E, R] */
  w2: Tensor2D;
  /** [E] */
  b2: Tensor1D;
}

/** Layer norm and feed-forward block over the last axis. */
export interface FeedForwardKernels {
  /** Computes (x − μ) / √(σ² + ε) ⊙ gain + bias for each row of x [..., D]. */
  affineLayerNorm<T extends Tensor>(x: T, weights: LayerNormWeights, epsilon: number): T;

  /** Computes the gradient of {@link FeedForwardKernels.affineLayerNorm} with respect to its input and weights. */
  affineLayerNormGrad<T extends Tensor>(
    dy: T,
    x: T,
    weights: LayerNormWeights,
    epsilon: number,
  ): { dx: T } & LayerNormWeights;

  /** Computes w2 g(w1 x + b1) + b2 for each row of x [..., D]: [..., E]. */
  feedForward<T extends Tensor>(x: T, weights: FeedForwardWeights, activation: Activation): T;

  /**
   * Computes the gradient of {@link FeedForwardKernels.feedForward} with respect to its input and weights; it recomputes the hidden units.
   */
  feedForwardGrad<T extends Tensor>(
    dy: T,
    x: T,
    weights: FeedForwardWeights,
    activation: Activation,
  ): { dx: T } & FeedForwardWeights;
}

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

/** Computes the values and slopes of an activation at x. */
export function activate(tf: Tf, x: Tensor2D, activation: Activation): { y: Tensor2D; slope: Tensor2D } {
  if (activation === "relu") return { y: tf.relu(x), slope: tf.step(x) };
  const phi = tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5);
  const density = tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  return { y: tf.mul(x, phi) as Tensor2D, slope: tf.add(phi, tf.mul(x, density)) as Tensor2D };
}
