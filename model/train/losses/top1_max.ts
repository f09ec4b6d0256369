/**
 * TOP1-max: how far the hardest negative is above the target, where the softmax of the negatives' scores weighs which
 * one that is.
 *
 * Source: Hidasi and Karatzoglou, "Recurrent neural networks with top-k gains for session-based recommendations" (CIKM 2018):
 * L = Σ_j s_j (σ(r_j − r_i) + σ(r_j²)), s = softmax over the scores of the negatives, i the target. The second summand keeps the
 * negatives' scores near zero. Negatives are drawn as for `bpr-max`.
 *
 * @module
 */
import type { Tensor2D } from "../../backend/tensor.ts";
import type { LossDefinition } from "./loss.ts";
import { againstShared } from "./shared_negatives.ts";

/** GRU4Rec's own loss, in its 2018 form. */
export const top1Max: LossDefinition = {
  help: "hardest of the negatives that a batch shares below the target, and near zero",
  negatives: "shared",
  defaultNegatives: 2048,
  value(engine, h, vectors, inputs) {
    const { tf } = engine;
    return againstShared(engine, h, vectors, inputs, ({ own, others, hits }) => {
      const shares = tf.softmax(tf.add(others, hits));
      const above = tf.sigmoid(tf.sub(others, own)), large = tf.sigmoid(tf.square(others));
      const sum = tf.add(above, large), loss = tf.sum(tf.mul(shares, sum), 1, true);
      const dAbove = tf.mul(above, tf.sub(1, above));
      const dLarge = tf.mul(tf.mul(tf.mul(large, tf.sub(1, large)), others), 2);
      // ∂/∂r_k: s_k (its own summand − the loss + the summand's slope).
      const slope = tf.add(tf.add(tf.sub(sum, loss), dAbove), dLarge);
      return {
        loss: loss as Tensor2D,
        dOwn: tf.neg(tf.sum(tf.mul(shares, dAbove), 1, true)) as Tensor2D,
        dOthers: tf.mul(shares, slope) as Tensor2D,
      };
    });
  },
};
