/**
 * Cross-entropy over all items as a composition of other operations, some rows at a time.
 *
 * @module
 */
import type { BasicKernels } from "./kernels.ts";
import { type LinearCrossEntropyKernels, rowsHeld, type ShiftedItems } from "./linear_cross_entropy.ts";
import type { Tensor1D, Tensor2D, Tf } from "./tensor.ts";

/** The fused loss in terms of smaller operations. */
export function composedLinearCrossEntropy(tf: Tf, k: BasicKernels): LinearCrossEntropyKernels {
  /** Some rows: their losses and gradients. `more` [rows, items] is added to the logits. */
  const part = (
    h: Tensor2D,
    items: Tensor2D,
    targets: Tensor1D,
    scale: number,
    bias?: Tensor1D,
    more?: Tensor2D,
  ) =>
    tf.tidy(() => {
      const products = k.matMul(h, items, false, true);
      const counted = bias ? k.biasAdd(products, bias, "last") : products;
      const logits = more ? k.sum([counted, more]) : counted;
      const there = tf.greaterEqual(targets, 0), labels = tf.where(there, targets, tf.zerosLike(targets));
      const { loss, dLogits } = k.softmaxCrossEntropy(logits, labels, scale);
      const d = tf.where(tf.expandDims(there, 1), dLogits, tf.zerosLike(dLogits));
      return {
        loss: tf.where(there, loss, tf.zerosLike(loss)),
        dh: k.matMul(d, items),
        dItems: k.matMul(d, h, true),
        dBias: k.biasGrad(d, "last"),
      };
    });

  return {
    linearCrossEntropy: (h, items, targets, scale, { bias, shifted } = {}) =>
      tf.tidy(() => {
        const [rows, dim] = h.shape, step = rowsHeld(items.shape[0]);
        const shift = shifted && shiftOf(tf, shifted, items.shape[0]);
        let whole: ReturnType<typeof part> | undefined;
        const losses: Tensor1D[] = [], gradients: Tensor2D[] = [];
        for (let row = 0; row < rows; row += step) {
          const count = Math.min(step, rows - row), last = whole;
          const one = part(
            tf.slice(h, [row, 0], [count, dim]),
            items,
            tf.slice(targets, row, count),
            scale,
            bias,
            shift?.(row, count),
          );
          whole = last
            ? { ...one, dItems: k.sum([last.dItems, one.dItems]), dBias: k.sum([last.dBias, one.dBias]) }
            : one;
          losses.push(one.loss);
          gradients.push(one.dh);
          if (last) tf.dispose([last.dItems, last.dBias, one.dItems, one.dBias]);
        }
        const { dItems, dBias } = whole!;
        return { loss: tf.concat1d(losses), dh: tf.concat2d(gradients, 0), dItems, dBias };
      }),
  };
}

/** What is added to the logits of some rows, [rows, items]. */
function shiftOf(tf: Tf, { items: shifted, ends, by }: ShiftedItems, items: number) {
  return (from: number, rows: number): Tensor2D => {
    const shift = new Float32Array(rows * items);
    for (let row = 0; row < rows; row++) {
      const at = from + row;
      for (let i = at > 0 ? ends[at - 1] : 0; i < ends[at]; i++) shift[row * items + shifted[i]] = by;
    }
    return tf.tensor2d(shift, [rows, items]);
  };
}
