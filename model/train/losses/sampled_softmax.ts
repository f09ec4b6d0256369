/**
 * Cross-entropy of the softmax over the target and negatives that the whole batch shares, each score corrected by
 * −log q of its item's chance to be drawn (Bengio and Senécal 2008), so that it estimates the softmax over all items. A
 * negative that is a history's own target does not count against it.
 *
 * @module
 */
import type { Tensor1D, Tensor2D } from "../../backend/tensor.ts";
import type { LossDefinition } from "./loss.ts";

/** An estimate of the softmax over all items. */
export const sampledSoftmax: LossDefinition = {
  help: "softmax over the target and negatives that a batch shares",
  negatives: "shared",
  defaultNegatives: 1000,
  value({ tf, kernels }, h, vectors, { targets, negatives, logChance }) {
    const ownIds = tf.tensor1d(targets, "int32"), sharedIds = tf.tensor1d(negatives, "int32");
    const correction = (rows: Int32Array) => {
      const shifts = new Float32Array(rows.length);
      rows.forEach((row, i) => shifts[i] = -logChance(row));
      return tf.tensor1d(shifts);
    };
    const { loss, dh, dOwn, dShared } = kernels.sampledCrossEntropy(h, {
      own: kernels.gatherRows(vectors, ownIds) as Tensor2D,
      shared: kernels.gatherRows(vectors, sharedIds) as Tensor2D,
      ownIds,
      sharedIds,
      ownShift: correction(targets),
      sharedShift: correction(negatives),
    }, 1 / targets.length);
    return {
      value: tf.mean(loss),
      dh,
      dVectors: kernels.segmentSum(
        tf.concat2d([dOwn, dShared], 0),
        tf.concat1d([ownIds, sharedIds]) as Tensor1D,
        vectors.shape[0],
      ),
    };
  },
};
