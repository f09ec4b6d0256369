/**
 * Cross-entropy over each position's own item and items that all positions share, without storing the matrix of all their logits.
 *
 * @module
 */
import type { Tensor1D, Tensor2D } from "./tensor.ts";

/** Items that positions are compared with. */
export interface SampledItems {
  /** Vectors of each position's own item, [n, D]. */
  own: Tensor2D;
  /** Vectors of the items that all positions share, [m, D]. */
  shared: Tensor2D;
  /** Ids of these items, [n] and [m], int32: a shared item that is a position's own item does not count for that position. */
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
   * Computes the cross-entropy of softmax([own · h + ownShift, shared h + sharedShift]) against the own item of each position.
   *
   * @param h [n, D]
   * @param scale Factor of the gradients, such as 1 over the number of positions for the mean.
   */
  sampledCrossEntropy(h: Tensor2D, items: SampledItems, scale: number): SampledCrossEntropy;
}
