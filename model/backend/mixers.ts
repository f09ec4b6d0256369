/**
 * The two mixers of the SRSMLP layer as fused operations: the network's hot spots.
 *
 * @module
 */
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from "./tensor.ts";

/** Weights of a sequence mixer, or their gradients: R hidden units, n positions, of which the newest m are output. */
export interface SequenceMixerWeights {
  /** LayerNorm's gain, [D]. */
  gain: Tensor1D;
  /** LayerNorm's bias, [D]. */
  bias: Tensor1D;
  /** [R, n] */
  w1: Tensor2D;
  /** [R] */
  b1: Tensor1D;
  /** [m, R] */
  w2: Tensor2D;
  /** [m] */
  b2: Tensor1D;
}

/** Weights of a channel mixer, or their gradients. */
export interface ChannelMixerWeights {
  /** [R, D] */
  w3: Tensor2D;
  /** [R] */
  b3: Tensor1D;
  /** [D, R] */
  w4: Tensor2D;
  /** [D] */
  b4: Tensor1D;
}

/** The result of a mixer. */
export interface Mixed {
  y: Tensor3D;
  /** Tensors to keep for the gradient; none if the gradient recomputes them. */
  kept: Tensor[];
}

/** The mixers, each with its gradient. `epsilon` is the number that LayerNorm adds to the variance. */
export interface Mixers {
  /**
   * Computes x + W² g(W¹ LayerNorm(x) + b¹) + b² along the positions, g being GELU.
   *
   * @param x [T, B, D], T ≥ n; the newest n positions are mixed.
   * @returns `y` [m, B, D]
   */
  sequenceMixer(x: Tensor3D, weights: SequenceMixerWeights, epsilon: number): Mixed;

  /**
   * Computes the gradient of {@link Mixers.sequenceMixer} with respect to its weights and to the newest n positions of x: `dx` [n, B, D].
   *
   * @param kept Tensors that the forward pass kept.
   * @param add Another gradient of at most n newest positions of x, added to `dx`.
   */
  sequenceMixerGrad(
    dy: Tensor3D,
    x: Tensor3D,
    weights: SequenceMixerWeights,
    kept: Tensor[],
    epsilon: number,
    add?: Tensor3D,
  ): { dx: Tensor3D } & SequenceMixerWeights;

  /** Computes x + W⁴ g(W³ LayerNorm(x) + b³) + b⁴ along the channels, for x [n, B, D]. */
  channelMixer(x: Tensor3D, weights: ChannelMixerWeights, epsilon: number): Mixed;

  /** Computes the gradient of {@link Mixers.channelMixer} with respect to x and its weights. */
  channelMixerGrad(
    dy: Tensor3D,
    x: Tensor3D,
    weights: ChannelMixerWeights,
    kept: Tensor[],
    epsilon: number,
  ): { dx: Tensor3D } & ChannelMixerWeights;
}
