/**
 * Shared code of losses with negatives for each target: the scores of targets and negatives, and the backward pass
 * from their gradients.
 *
 * @module
 */
import type { Engine } from "../../backend/types.ts";
import type { Scalar, Tensor1D, Tensor2D } from "../../backend/tensor.ts";
import type { Loss, LossInputs } from "./loss.ts";

/** The mean loss of a batch, and its gradient with respect to the scores. */
export interface OwnLoss {
  value: Scalar;
  /** [n, 1 + m] */
  dScores: Tensor2D;
}

/**
 * Computes the mean loss from the scores.
 *
 * @param part Computes the loss from the scores, [n, 1 + m], those of the targets first.
 */
export function againstOwn(
  { tf, kernels }: Engine,
  h: Tensor2D,
  vectors: Tensor2D,
  { targets, negatives, biases }: Pick<LossInputs, "targets" | "negatives" | "biases">,
  part: (scores: Tensor2D) => OwnLoss,
): Loss {
  const [batch, dim] = h.shape, m = negatives.length / batch;
  const ids = new Int32Array(batch * (1 + m));
  for (let b = 0; b < batch; b++) {
    ids[b * (1 + m)] = targets[b];
    ids.set(negatives.subarray(b * m, (b + 1) * m), b * (1 + m) + 1);
  }
  const rows = tf.tensor1d(ids, "int32"), columnOf = (x: Tensor1D) => tf.expandDims(x, 1) as Tensor2D;
  const candidates = tf.reshape(kernels.gatherRows(vectors, rows), [batch, 1 + m, dim]);
  const products = tf.squeeze(tf.matMul(candidates, tf.expandDims(h, 2)), [2]) as Tensor2D;
  const { value, dScores } = part(
    biases
      ? tf.add(products, tf.reshape(kernels.gatherRows(columnOf(biases), rows), products.shape))
      : products,
  );
  const spread = tf.expandDims(dScores, 2);
  const sumOver = (values: Tensor2D) => kernels.segmentSum(values, rows, vectors.shape[0]);
  return {
    value,
    dh: tf.squeeze(tf.matMul(candidates, spread, true), [2]) as Tensor2D,
    dVectors: sumOver(tf.reshape(tf.matMul(spread, tf.expandDims(h, 1)), [ids.length, dim]) as Tensor2D),
    dBiases: biases && tf.reshape(sumOver(tf.reshape(dScores, [ids.length, 1])), biases.shape),
  };
}
