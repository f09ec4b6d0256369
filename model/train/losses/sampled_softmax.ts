/**
 * Cross-entropy of the softmax over the target and negatives that the whole batch shares, each score corrected by
 * −log q of its item's chance to be drawn (Bengio and Senécal 2008), so that it estimates the softmax over all items. A
 * negative that is a history's own target does not count against it.
 *
 * @module
 */
import type { Tensor1D, Tensor2D } from "../../backend/tensor.ts";
import type { LossDefinition } from "./loss.ts";
import { againstShared } from "./shared_negatives.ts";

/** An estimate of the softmax over all items. */
export const sampledSoftmax: LossDefinition = {
  help: "softmax over the target and negatives that a batch shares",
  negatives: "shared",
  defaultNegatives: 1000,
  value(engine, h, vectors, inputs) {
    const { tf, kernels } = engine, m = inputs.negatives.length;
    const correction = (rows: Int32Array) => Float32Array.from(rows, inputs.logChance);
    const ofNegatives = tf.tensor1d(correction(inputs.negatives));
    return againstShared(engine, h, vectors, inputs, ({ own, others, hits, targets }) => {
      const count = targets.length;
      const logits = tf.concat([
        tf.sub(own, tf.tensor2d(correction(targets), [count, 1])),
        tf.add(tf.sub(others, ofNegatives), hits),
      ], 1) as Tensor2D;
      const labels = tf.zeros([count], "int32") as Tensor1D;
      const { loss, dLogits } = kernels.softmaxCrossEntropy(logits, labels, 1);
      return {
        loss,
        dOwn: tf.slice(dLogits, [0, 0], [count, 1]),
        dOthers: tf.slice(dLogits, [0, 1], [count, m]),
      };
    });
  },
};
