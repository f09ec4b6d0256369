/**
 * Cross-entropy of the softmax over all items.
 *
 * With `adjustment` = τ log q, where q is an item's share of the training targets, it learns scores to which τ log q
 * is added only within the softmax (Menon et al., "Long-tail learning via logit adjustment", ICLR 2021): the score
 * then is log p(item | history) − τ log q(item), which for τ = 1 best separates a target from negatives drawn by
 * popularity.
 *
 * @module
 */
import type { LinearCrossEntropyOptions } from "../../backend/cross_entropy.ts";
import type { Tensor1D } from "../../backend/tensor.ts";
import type { Engine } from "../../backend/types.ts";
import type { LossDefinition, LossInputs } from "./loss.ts";

/** Keeps the padding's row out of the softmax: its exponential is 0 compared with any other. */
const NEVER = -1e30;

/** The values added to the scores: to all of them, and to some. */
function added(
  { tf }: Engine,
  items: number,
  { adjustment, biases, shifted }: LossInputs,
): LinearCrossEntropyOptions {
  const shifts = new Float32Array(items);
  if (adjustment) shifts.set(adjustment, 1);
  shifts[0] = NEVER;
  const shift = tf.tensor1d(shifts);
  return { bias: biases ? tf.add(shift, biases) as Tensor1D : shift, shifted };
}

/** The softmax over all items. */
export const crossEntropy: LossDefinition = {
  help: "softmax over all items",
  negatives: "none",
  defaultNegatives: 0,
  value(engine, h, vectors, inputs) {
    const { tf, kernels } = engine, { targets, biases } = inputs;
    const { loss, dh, dItems, dBias } = kernels.linearCrossEntropy(
      h,
      vectors,
      tf.tensor1d(targets, "int32"),
      1 / targets.length,
      added(engine, vectors.shape[0], inputs),
    );
    return { value: tf.mean(loss), dh, dVectors: dItems, dBiases: biases && dBias };
  },
  mean(engine, h, vectors, inputs) {
    const { tf, kernels } = engine, targets = tf.tensor1d(inputs.targets, "int32");
    return tf.mean(
      kernels.linearCrossEntropyLoss(h, vectors, targets, added(engine, vectors.shape[0], inputs)),
    );
  },
};
