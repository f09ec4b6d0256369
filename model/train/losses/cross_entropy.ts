/**
 * Cross-entropy of the softmax over all items.
 *
 * With `adjustment` = τ log q it learns scores to which τ log q, q being an item's share of the training targets, is added
 * within the softmax only (Menon et al., "Long-tail learning via logit adjustment", ICLR 2021): the score then is
 * log p(item | history) − τ log q(item), which for τ = 1 is what best separates a target from negatives drawn by popularity.
 *
 * @module
 */
import type { LossDefinition } from "./loss.ts";

/** What keeps the padding's row out of the softmax: its power is 0 beside any other. */
const NEVER = -1e30;

/** The softmax over all items. */
export const crossEntropy: LossDefinition = {
  help: "softmax over all items",
  negatives: "none",
  defaultNegatives: 0,
  value({ tf, kernels }, h, vectors, { targets, adjustment, biases, shifted }) {
    const shifts = new Float32Array(vectors.shape[0]);
    if (adjustment) shifts.set(adjustment, 1);
    shifts[0] = NEVER;
    const shift = tf.tensor1d(shifts);
    const { loss, dh, dItems, dBias } = kernels.linearCrossEntropy(
      h,
      vectors,
      tf.tensor1d(targets, "int32"),
      1 / targets.length,
      { bias: biases ? tf.add(shift, biases) : shift, shifted },
    );
    return { value: tf.mean(loss), dh, dVectors: dItems, dBiases: biases && dBias };
  },
};
