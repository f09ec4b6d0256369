/**
 * Cross-entropy over all items at many positions, without storing the matrix of all their logits.
 *
 * @module
 */
import type { Tensor1D, Tensor2D } from "./tensor.ts";

/** Losses, and the gradients of their sum times `scale`. */
export interface LinearCrossEntropy {
  /** [n], not scaled. */
  loss: Tensor1D;
  /** [n, D] */
  dh: Tensor2D;
  /** [m, D] */
  dItems: Tensor2D;
  /** [m] */
  dBias: Tensor1D;
}

/** Logits of some items that are shifted at some positions. */
export interface ShiftedItems {
  /** Rows of the items, [e], in the order of positions; each at most once for a position. */
  items: Int32Array;
  /** Where the items of each position end, [n]. */
  ends: Int32Array;
  /** Number added to their logits. */
  by: number;
}

/** What is added to the products before the softmax. */
export interface LinearCrossEntropyOptions {
  /** [m], added to the logits, such as a logit adjustment. Default: zero. */
  bias?: Tensor1D;
  /** Default: none. */
  shifted?: ShiftedItems;
}

/** Logits, softmax, losses and, if asked for, all gradients in one operation. */
export interface LinearCrossEntropyKernels {
  /**
   * Computes the cross-entropy of softmax(items h + bias) against one correct item per row, with its gradients. Logits are held for
   * {@link rowsHeld} rows at a time.
   *
   * @param h [n, D]
   * @param items [m, D]
   * @param targets [n], int32: a row of `items`, or −1 for a position that does not count: no loss, no gradient.
   * @param scale Factor of the gradients, such as 1 over the number of targets for the mean.
   */
  linearCrossEntropy(
    h: Tensor2D,
    items: Tensor2D,
    targets: Tensor1D,
    scale: number,
    options?: LinearCrossEntropyOptions,
  ): LinearCrossEntropy;

  /**
   * Computes only the losses, [n]: the same numbers for a third of the work.
   *
   * @param h [n, D]
   * @param items [m, D]
   * @param targets See {@link LinearCrossEntropyKernels.linearCrossEntropy}.
   */
  linearCrossEntropyLoss(
    h: Tensor2D,
    items: Tensor2D,
    targets: Tensor1D,
    options?: LinearCrossEntropyOptions,
  ): Tensor1D;
}

/**
 * Number of logits held at a time: 64 MiB of them in the fused operation, 16 MiB in the composed one, which makes several matrices as large
 * of them; and the maximum number of rows that they belong to.
 */
const LOGITS_HELD = { fused: 2 ** 24, composed: 2 ** 22 }, MOST_ROWS = 512;

/** Returns the number of rows whose logits are held at a time. */
export function rowsHeld(items: number, layering: keyof typeof LOGITS_HELD): number {
  const fit = Math.floor(LOGITS_HELD[layering] / items / 16) * 16;
  return Math.min(Math.max(fit, 16), MOST_ROWS);
}
