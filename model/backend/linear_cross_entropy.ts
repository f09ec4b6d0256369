/**
 * Cross-entropy over all items at many positions, without the matrix of all their logits.
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

/** Logits, softmax, losses and all gradients in one operation. */
export interface LinearCrossEntropyKernels {
  /**
   * Cross-entropy of softmax(items h + bias) against one right item a row, with its gradients. Logits are held for
   * {@link rowsHeld} rows at a time.
   *
   * @param h [n, D]
   * @param items [m, D]
   * @param targets [n], int32: a row of `items`, or −1 for a position that does not count: no loss, no gradient.
   * @param scale Factor of the gradients, such as 1 over the number of targets for the mean.
   * @param bias [m], such as a logit adjustment; zero where left out.
   */
  linearCrossEntropy(
    h: Tensor2D,
    items: Tensor2D,
    targets: Tensor1D,
    scale: number,
    bias?: Tensor1D,
  ): LinearCrossEntropy;
}

/** Logits held at a time, 16 MiB of them, and the most rows that they are of. */
const LOGITS_HELD = 2 ** 22, MOST_ROWS = 512;

/** Rows whose logits are held at a time, the same on every engine. */
export function rowsHeld(items: number): number {
  const fit = Math.floor(LOGITS_HELD / items / 16) * 16;
  return Math.min(Math.max(fit, 16), MOST_ROWS);
}
