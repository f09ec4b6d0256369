/**
 * Cross-entropy over each position's own item and items that all positions share, without the matrix of all their logits.
 *
 * @module
 */
import type { Tensor1D, Tensor2D } from "./tensor.ts";

/** Items that positions are compared with. */
export interface SampledItems {
  /** [n, D]: each position's own. */
  own: Tensor2D;
  /** [m, D]: those that all share. */
  shared: Tensor2D;
  /** Which items these are, [n] and [m], int32: where a shared one is the position's own, it does not count for that position. */
  ownIds: Tensor1D;
  sharedIds: Tensor1D;
  /** Added to their logits, [n] and [m]. */
  ownShift: Tensor1D;
  sharedShift: Tensor1D;
}

/** Losses, and the gradients of their sum times `scale`. */
export interface SampledCrossEntropy {
  /** [n], not scaled. */
  loss: Tensor1D;
  /** [n, D] */
  dh: Tensor2D;
  /** [n, D] */
  dOwn: Tensor2D;
  /** [m, D] */
  dShared: Tensor2D;
  /** [n] and [m] */
  dOwnShift: Tensor1D;
  dSharedShift: Tensor1D;
}

/** Logits, softmax, losses and all gradients in one operation. */
export interface SampledCrossEntropyKernels {
  /**
   * Cross-entropy of softmax([own · h + ownShift, shared h + sharedShift]) against the own item of each position.
   *
   * @param h [n, D]
   * @param scale Factor of the gradients, such as 1 over the number of positions for the mean.
   */
  sampledCrossEntropy(h: Tensor2D, items: SampledItems, scale: number): SampledCrossEntropy;
}
