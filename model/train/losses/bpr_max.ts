/**
 * BPR-max: the probability that the target ranks above the hardest negative, where the softmax of the negatives'
 * scores weighs which one that is.
 *
 * Source: Hidasi and Karatzoglou, "Recurrent neural networks with top-k gains for session-based recommendations"
 * (CIKM 2018): L = −log Σ_j s_j σ(r_i − r_j) + λ Σ_j s_j r_j², s = softmax over the scores of the negatives, i the
 * target. The second term, score regularisation, keeps the negatives' scores near zero.
 *
 * The paper's negatives are the other targets of a batch of a few dozen sessions, which follow popularity, and 2048
 * additional ones. A batch here has thousands of targets, so all negatives are drawn, by popularity if requested.
 *
 * @module
 */
import type { Tensor2D } from "../../backend/tensor.ts";
import type { LossDefinition } from "./loss.ts";
import { againstShared } from "./shared_negatives.ts";

/** The loss of GRU4Rec from 2018 on. */
export const bprMax: LossDefinition = {
  help: "target above the hardest of the negatives that a batch shares, with score regularisation",
  negatives: "shared",
  defaultNegatives: 2048,
  value(engine, h, vectors, inputs) {
    const { tf } = engine, lambda = inputs.scoreRegularisation;
    return againstShared(engine, h, vectors, inputs, ({ own, others, hits }) => {
      const hidden = tf.add(others, hits), apart = tf.sub(own, others);
      // Σ s σ as a difference of two log-sum-exps, which neither overflows nor vanishes.
      const joint = tf.add(hidden, tf.logSigmoid(apart));
      const gain = tf.sub(tf.logSumExp(joint, 1, true), tf.logSumExp(hidden, 1, true));
      const shares = tf.softmax(hidden), won = tf.softmax(joint), lost = tf.sigmoid(tf.neg(apart));
      const squares = tf.square(others), size = tf.sum(tf.mul(shares, squares), 1, true);
      // ∂/∂r_k of the first term: s_k − w_k σ(r_i − r_k), w = s σ / Σ s σ; of the second: s_k (2 r_k + r_k² − Σ s r²).
      const dGain = tf.sub(shares, tf.mul(won, tf.sub(1, lost)));
      const dSize = tf.mul(shares, tf.sub(tf.add(tf.mul(others, 2), squares), size));
      return {
        loss: tf.sub(tf.mul(size, lambda), gain) as Tensor2D,
        dOwn: tf.neg(tf.sum(tf.mul(won, lost), 1, true)) as Tensor2D,
        dOthers: tf.add(dGain, tf.mul(dSize, lambda)) as Tensor2D,
      };
    });
  },
};
