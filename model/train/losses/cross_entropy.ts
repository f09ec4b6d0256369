/**
 * Cross-entropy of the softmax over all items.
 *
 * With `adjustment` = τ log q it learns scores to which τ log q, q being an item's share of the training targets, is added
 * within the softmax only (Menon et al., "Long-tail learning via logit adjustment", ICLR 2021): the score then is
 * log p(item | history) − τ log q(item), which for τ = 1 is what best separates a target from negatives drawn by popularity.
 *
 * @module
 */
import type { Tensor2D } from "../../backend/tensor.ts";
import type { LossDefinition } from "./loss.ts";

/** The softmax over all items. */
export const crossEntropy: LossDefinition = {
  help: "softmax over all items",
  negatives: "none",
  defaultNegatives: 0,
  value({ tf, kernels }, h, vectors, { targets, adjustment }) {
    const [rows, dim] = vectors.shape;
    const candidates = tf.slice(vectors, [1, 0], [rows - 1, dim]) as Tensor2D;
    const labels = tf.tensor1d(targets.map((target) => target - 1), "int32");
    const { loss, dh, dItems } = kernels.linearCrossEntropy(
      h,
      candidates,
      labels,
      1 / targets.length,
      adjustment && tf.tensor1d(adjustment),
    );
    return { value: tf.mean(loss), dh, dVectors: tf.concat([tf.zeros([1, dim]), dItems], 0) as Tensor2D };
  },
};
