/**
 * The position-wise parts of a transformer, each with its gradient.
 *
 * @module
 */
import type { Tensor, Tensor1D, Tensor2D } from "./tensor.ts";

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
