/**
 * Cross-entropy over all items as a composition of other operations, some rows at a time.
 *
 * @module
 */
import type { BasicKernels } from "./kernels.ts";
import {
  type LinearCrossEntropyKernels,
  type LinearCrossEntropyOptions,
  rowsHeld,
  type ShiftedItems,
} from "./linear_cross_entropy.ts";
import type { Tensor1D, Tensor2D, Tf } from "./tensor.ts";

/** Some rows, with the numbers added to their logits, [rows, items]. */
interface Rows {
  h: Tensor2D;
  targets: Tensor1D;
  more?: Tensor2D;
}

/** Composes the fused loss from smaller operations. */
export function composedLinearCrossEntropy(tf: Tf, k: BasicKernels): LinearCrossEntropyKernels {
  /** Yields the rows, as many at a time as logits are held for. */
  function* parts(
    h: Tensor2D,
    items: Tensor2D,
    targets: Tensor1D,
    shifted: ShiftedItems | undefined,
  ): Generator<Rows> {
    const [rows, dim] = h.shape, step = rowsHeld(items.shape[0], "composed");
    const shift = shifted && shiftOf(tf, shifted, items.shape[0]);
    for (let row = 0; row < rows; row += step) {
      const count = Math.min(step, rows - row);
      yield {
        h: tf.slice(h, [row, 0], [count, dim]),
        targets: tf.slice(targets, row, count),
        more: shift?.(row, count),
      };
    }
  }

  /** Computes the losses, and the gradients of the logits. */
  const compared = ({ h, targets, more }: Rows, items: Tensor2D, scale: number, bias?: Tensor1D) => {
    const products = k.matMul(h, items, false, true);
    const counted = bias ? k.biasAdd(products, bias, "last") : products;
    const logits = more ? k.sum([counted, more]) : counted;
    const there = tf.greaterEqual(targets, 0), labels = tf.where(there, targets, tf.zerosLike(targets));
    const { loss, dLogits } = k.softmaxCrossEntropy(logits, labels, scale);
    return {
      loss: tf.where(there, loss, tf.zerosLike(loss)) as Tensor1D,
      d: tf.where(tf.expandDims(there, 1), dLogits, tf.zerosLike(dLogits)) as Tensor2D,
    };
  };

  const part = (rows: Rows, items: Tensor2D, scale: number, bias?: Tensor1D) =>
    tf.tidy(() => {
      const { loss, d } = compared(rows, items, scale, bias);
      return {
        loss,
        dh: k.matMul(d, items),
        dItems: k.matMul(d, rows.h, true),
        dBias: k.biasGrad(d, "last"),
      };
    });

  return {
    linearCrossEntropy: (h, items, targets, scale, { bias, shifted } = {}) =>
      tf.tidy(() => {
        let whole: ReturnType<typeof part> | undefined;
        const losses: Tensor1D[] = [], gradients: Tensor2D[] = [];
        for (const rows of parts(h, items, targets, shifted)) {
          const one = part(rows, items, scale, bias), last = whole;
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

    linearCrossEntropyLoss: (h, items, targets, { bias, shifted }: LinearCrossEntropyOptions = {}) =>
      tf.tidy(() => {
        const losses = Array.from(
          parts(h, items, targets, shifted),
          (rows) => tf.tidy(() => compared(rows, items, 1, bias).loss),
        );
        return tf.concat1d(losses);
      }),
  };
}

/** Returns a function that gives the numbers added to the logits of some rows, [rows, items]. */
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
