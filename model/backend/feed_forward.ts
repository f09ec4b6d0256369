/**
 * The position-wise parts of a transformer, each with its gradient.
 *
 * @module
 */
import type { Tensor, Tensor1D, Tensor2D } from "./tensor.ts";

/** What is applied to each hidden unit: x·Φ(x), or max(x, 0). */
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
  /** (x − μ) / √(σ² + ε) ⊙ gain + bias, each row of x [..., D] by itself. */
  affineLayerNorm<T extends Tensor>(x: T, weights: LayerNormWeights, epsilon: number): T;

  /** The gradient of {@link FeedForwardKernels.affineLayerNorm}, by its input and weights. */
  affineLayerNormGrad<T extends Tensor>(
    dy: T,
    x: T,
    weights: LayerNormWeights,
    epsilon: number,
  ): { dx: T } & LayerNormWeights;

  /** w2 g(w1 x + b1) + b2 of each row of x [..., D]: [..., E]. */
  feedForward<T extends Tensor>(x: T, weights: FeedForwardWeights, activation: Activation): T;

  /** The gradient of {@link FeedForwardKernels.feedForward}, by its input and weights; it computes the hidden units again. */
  feedForwardGrad<T extends Tensor>(
    dy: T,
    x: T,
    weights: FeedForwardWeights,
    activation: Activation,
  ): { dx: T } & FeedForwardWeights;
}
