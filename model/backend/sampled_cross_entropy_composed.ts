/**
 * Cross-entropy over own and shared items as a composition of other operations, some rows at a time.
 *
 * @module
 */
import type { BasicKernels } from "./kernels.ts";
import type { SampledCrossEntropyKernels, SampledItems } from "./sampled_cross_entropy.ts";
import type { Tensor, Tensor1D, Tensor2D, Tf } from "./tensor.ts";

/** Number of logits that are held at a time. */
const LOGITS_HELD = 2 ** 22;

/** Number subtracted from the logit of a shared item that is the row's own, so that its share of the softmax is zero. */
const HIDDEN = 1e9;

/** Composes the fused loss from smaller operations. */
export function composedSampledCrossEntropy(tf: Tf, k: BasicKernels): SampledCrossEntropyKernels {
  /** Computes the losses and gradients of some rows. */
  const part = (h: Tensor2D, items: SampledItems, scale: number) =>
    tf.tidy(() => {
      const { own, shared, ownIds, sharedIds, ownShift, sharedShift } = items, [rows] = h.shape;
      const same = tf.equal(tf.expandDims(ownIds, 1), tf.expandDims(sharedIds, 0));
      const others = k.biasAdd(k.matMul(h, shared, false, true), sharedShift, "last");
      const logits = tf.concat2d([
        tf.add(tf.sum(tf.mul(h, own), 1, true), tf.expandDims(ownShift, 1)) as Tensor2D,
        tf.add(others, tf.mul(tf.cast(same, "float32"), -HIDDEN)) as Tensor2D,
      ], 1);
      const { loss, dLogits } = k.softmaxCrossEntropy(logits, tf.zeros([rows], "int32") as Tensor1D, scale);
      const dOwn = tf.slice(dLogits, [0, 0], [rows, 1]);
      const dOthers = tf.slice(dLogits, [0, 1], [rows, shared.shape[0]]);
      return {
        loss,
        dh: k.sum([tf.mul(dOwn, own) as Tensor2D, k.matMul(dOthers, shared)]),
        dOwn: tf.mul(dOwn, h) as Tensor2D,
        dShared: k.matMul(dOthers, h, true),
        dOwnShift: tf.squeeze(dOwn, [1]) as Tensor1D,
        dSharedShift: k.biasGrad(dOthers, "last"),
      };
    });

  const sum = <T extends Tensor>(tensors: T[]): T => tensors.length > 1 ? k.sum(tensors) : tensors[0];

  return {
    sampledCrossEntropy: (h, items, scale) =>
      tf.tidy(() => {
        const [rows, dim] = h.shape, step = Math.max(16, Math.floor(LOGITS_HELD / items.shared.shape[0]));
        const parts: ReturnType<typeof part>[] = [];
        for (let row = 0; row < rows; row += step) {
          const count = Math.min(step, rows - row);
          const some = {
            ...items,
            own: tf.slice(items.own, [row, 0], [count, dim]),
            ownIds: tf.slice(items.ownIds, row, count),
            ownShift: tf.slice(items.ownShift, row, count),
          };
          parts.push(part(tf.slice(h, [row, 0], [count, dim]), some, scale));
        }
        return {
          loss: tf.concat1d(parts.map(({ loss }) => loss)),
          dh: tf.concat2d(parts.map(({ dh }) => dh), 0),
          dOwn: tf.concat2d(parts.map(({ dOwn }) => dOwn), 0),
          dOwnShift: tf.concat1d(parts.map(({ dOwnShift }) => dOwnShift)),
          dShared: sum(parts.map(({ dShared }) => dShared)),
          dSharedShift: sum(parts.map(({ dSharedShift }) => dSharedShift)),
        };
      }),
  };
}
