/**
 * Binary cross-entropy of each target against its own negatives.
 *
 * Source: AutoMLP (WWW 2023), "Training and Inference": L = −Σ [log σ(r_pos) + Σ_j log(1 − σ(r_j))].
 *
 * @module
 */
import type { Scalar, Tensor2D } from "../../backend/tensor.ts";
import type { LossDefinition } from "./loss.ts";
import { againstOwn } from "./own_negatives.ts";

/** The loss of AutoMLP's and SASRec's papers. */
export const binaryCrossEntropy: LossDefinition = {
  help: "binary cross-entropy of each target against its own negatives",
  negatives: "each target",
  defaultNegatives: 1,
  value(engine, h, vectors, inputs) {
    const { tf } = engine;
    return againstOwn(engine, h, vectors, inputs, (scores) => {
      const [n, width] = scores.shape;
      const sign = tf.concat([tf.fill([1, 1], -1), tf.ones([1, width - 1])], 1); // the sign of what is pushed down: the negatives
      const signed = tf.mul(scores, sign);
      return {
        value: tf.div(tf.sum(tf.softplus(signed)), n) as Scalar,
        dScores: tf.div(tf.mul(tf.sigmoid(signed), sign), n) as Tensor2D,
      };
    });
  },
};
