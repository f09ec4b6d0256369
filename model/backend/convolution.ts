/**
 * Dilated causal convolution over sequences, with its gradient.
 *
 * @module
 */
import type { Tensor1D, Tensor2D, Tensor3D } from "./tensor.ts";

/** Weights of a convolution from D to E channels, or their gradients. */
export interface ConvolutionWeights {
  /** One matrix per tap, the newest last, [taps, E, D]: PyTorch's [E, D, taps] with the last axis first. */
  w: Tensor3D;
  /** [E] */
  b: Tensor1D;
}

/** Convolution. `ids` [T, B], int32: where they are 0, x counts as zero, y is zero, and there is no gradient. */
export interface ConvolutionKernels {
  /**
   * Computes y[t] = b + Σ w[taps − 1 − i] x[t − i · dilation], with x zero before its first position.
   *
   * @param x [T, B, D]
   * @returns [T, B, E]
   */
  convolution(x: Tensor3D, weights: ConvolutionWeights, dilation: number, ids?: Tensor2D): Tensor3D;

  /** Computes the gradient of {@link ConvolutionKernels.convolution} with respect to its input and weights. */
  convolutionGrad(
    dy: Tensor3D,
    x: Tensor3D,
    weights: ConvolutionWeights,
    dilation: number,
    ids?: Tensor2D,
  ): { dx: Tensor3D } & ConvolutionWeights;
}
