/**
 * Binary cross-entropy of each target against negatives of its own.
 *
 * Source: AutoMLP (WWW 2023), "Training and Inference": L = −Σ [log σ(r_pos) + Σ_j log(1 − σ(r_j))].
 *
 * @module
 */
import type { Scalar, Tensor2D } from "../../backend/tensor.ts";
import type { LossDefinition } from "./loss.ts";

/** The loss of AutoMLP's and SASRec's papers. */
export const binaryCrossEntropy: LossDefinition = {
  help: "binary cross-entropy of each target against its own negatives",
  negatives: "each target",
  defaultNegatives: 1,
  value({ tf, kernels }, h, vectors, { targets, negatives }) {
    const [batch, dim] = h.shape, m = negatives.length / batch;
    const ids = new Int32Array(batch * (1 + m));
    for (let b = 0; b < batch; b++) {
      ids[b * (1 + m)] = targets[b];
      ids.set(negatives.subarray(b * m, (b + 1) * m), b * (1 + m) + 1);
    }
    const rows = tf.tensor1d(ids, "int32");
    const candidates = tf.reshape(kernels.gatherRows(vectors, rows), [batch, 1 + m, dim]);
    const scores = tf.squeeze(tf.matMul(candidates, tf.expandDims(h, 2)), [2]); // [B, 1 + m]
    const sign = tf.concat([tf.fill([1, 1], -1), tf.ones([1, m])], 1); // what is pushed down, negatives up to 0
    const value = tf.div(tf.sum(tf.softplus(tf.mul(scores, sign))), batch) as Scalar;
    const dScores = tf.div(tf.mul(tf.sigmoid(tf.mul(scores, sign)), sign), batch); // [B, 1 + m]
    const spread = tf.expandDims(dScores, 2);
    return {
      value,
      dh: tf.squeeze(tf.matMul(candidates, spread, true), [2]) as Tensor2D,
      dVectors: kernels.segmentSum(
        tf.reshape(tf.matMul(spread, tf.expandDims(h, 1)), [ids.length, dim]) as Tensor2D,
        rows,
        vectors.shape[0],
      ),
    };
  },
};
