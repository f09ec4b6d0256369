/**
 * BPR: ranks each target above its own negatives.
 *
 * Source: Rendle et al., "BPR: Bayesian personalized ranking from implicit feedback" (UAI 2009), without its prior on
 * the weights: L = −Σ_j log σ(r_i − r_j) / m, with i the target and j its m negatives. FPMC (WWW 2010) calls it S-BPR
 * when scores depend on what came before.
 *
 * @module
 */
import type { Scalar, Tensor2D } from "../../backend/tensor.ts";
import type { LossDefinition } from "./loss.ts";
import { againstOwn } from "./own_negatives.ts";

/** The loss of FPMC's paper. */
export const bpr: LossDefinition = {
  help: "each target above its own negatives",
  negatives: "each target",
  defaultNegatives: 1,
  value(engine, h, vectors, inputs) {
    const { tf } = engine;
    return againstOwn(engine, h, vectors, inputs, (scores) => {
      const [n, width] = scores.shape, m = width - 1;
      const below = tf.sub(tf.slice(scores, [0, 1], [n, m]), tf.slice(scores, [0, 0], [n, 1])); // r_j − r_i
      const slope = tf.div(tf.sigmoid(below), n * m);
      return {
        value: tf.div(tf.sum(tf.softplus(below)), n * m) as Scalar,
        dScores: tf.concat([tf.neg(tf.sum(slope, 1, true)), slope], 1) as Tensor2D,
      };
    });
  },
};
