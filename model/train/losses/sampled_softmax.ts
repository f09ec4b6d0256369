/**
 * Cross-entropy of the softmax over the target and negatives that the whole batch shares. Each score is corrected by
 * −log q, where q is the probability of drawing its item (Bengio and Senécal 2008), so that it estimates the softmax
 * over all items. A negative that is a history's own target does not count against it.
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
  value({ tf, kernels }, h, vectors, { targets, negatives, logChance, biases }) {
    const ownIds = tf.tensor1d(targets, "int32"), sharedIds = tf.tensor1d(negatives, "int32");
    const shiftOf = (rows: Int32Array, ids: Tensor1D) => {
      const shifts = new Float32Array(rows.length);
      rows.forEach((row, i) => shifts[i] = -logChance(row));
      const shift = tf.tensor1d(shifts);
      if (!biases) return shift;
      return tf.add(shift, tf.squeeze(kernels.gatherRows(tf.expandDims(biases, 1), ids), [1])) as Tensor1D;
    };
    const { loss, dh, dOwn, dShared, dOwnShift, dSharedShift } = kernels.sampledCrossEntropy(h, {
      own: kernels.gatherRows(vectors, ownIds) as Tensor2D,
      shared: kernels.gatherRows(vectors, sharedIds) as Tensor2D,
      ownIds,
      sharedIds,
      ownShift: shiftOf(targets, ownIds),
      sharedShift: shiftOf(negatives, sharedIds),
    }, 1 / targets.length);
    const ids = tf.concat1d([ownIds, sharedIds]) as Tensor1D;
    const sumOver = (values: Tensor2D) => kernels.segmentSum(values, ids, vectors.shape[0]);
    const dShifts = tf.expandDims(tf.concat1d([dOwnShift, dSharedShift]), 1) as Tensor2D;
    return {
      value: tf.mean(loss),
      dh,
      dVectors: sumOver(tf.concat2d([dOwn, dShared], 0)),
      dBiases: biases && tf.squeeze(sumOver(dShifts), [1]),
    };
  },
};
