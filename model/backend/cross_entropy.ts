/**
 * Cross-entropy over all items, or over own and shared ones, at many positions, without storing the matrix of all their logits; composed, some
 * rows at a time.
 *
 * @module
 */
import type { BasicKernels } from "./kernels.ts";
import type { Tensor, Tensor1D, Tensor2D, Tf } from "./tensor.ts";

/** Losses, and the gradients of their sum times `scale`. */
export interface LinearCrossEntropy {
  /** [n], not scaled. */
  loss: Tensor1D;
  /** [n, D] */
  dh: Tensor2D;
  /** [m, D] */
  dItems: Tensor2D;
  /** [m] */
  dBias: Tensor1D;
}

/** Logits of some items that are shifted at some positions. */
export interface ShiftedItems {
  /** Rows of the items, [e], in the order of positions; each at most once for a position. */
  items: Int32Array;
  /** Where the items of each position end, [n]. */
  ends: Int32Array;
  /** Number added to their logits. */
  by: number;
}

/** What is added to the products before the softmax. */
export interface LinearCrossEntropyOptions {
  /** [m], added to the logits, such as a logit adjustment. Default: zero. */
  bias?: Tensor1D;
  /** Default: none. */
  shifted?: ShiftedItems;
}

/** Logits, softmax, losses and, if asked for, all gradients in one operation. */
export interface LinearCrossEntropyKernels {
  /**
   * Computes the cross-entropy of softmax(items h + bias) against one correct item per row, with its gradients. Logits are held for
   * {@link rowsHeld} rows at a time.
   *
   * @param h [n, D]
   * @param items [m, D]
   * @param targets [n], int32: a row of `items`, or −1 for a position that does not count: no loss, no gradient.
   * @param scale Factor of the gradients, such as 1 over the number of targets for the mean.
   */
  linearCrossEntropy(
    h: Tensor2D,
    items: Tensor2D,
    targets: Tensor1D,
    scale: number,
    options?: LinearCrossEntropyOptions,
  ): LinearCrossEntropy;

  /**
   * Computes only the losses, [n]: the same numbers for a third of the work.
   *
   * @param h [n, D]
   * @param items [m, D]
   * @param targets See {@link LinearCrossEntropyKernels.linearCrossEntropy}.
   */
  linearCrossEntropyLoss(
    h: Tensor2D,
    items: Tensor2D,
    targets: Tensor1D,
    options?: LinearCrossEntropyOptions,
  ): Tensor1D;
}

/**
 * Number of logits held at a time: 64 MiB of them in the fused operation, 16 MiB in the composed one, which makes several matrices as large
 * of them; and the maximum number of rows that they belong to.
 */
const LOGITS_HELD = { fused: 2 ** 24, composed: 2 ** 22 }, MOST_ROWS = 512;

/** Returns the number of rows whose logits are held at a time. */
export function rowsHeld(items: number, layering: keyof typeof LOGITS_HELD): number {
  const fit = Math.floor(LOGITS_HELD[layering] / items / 16) * 16;
  return Math.min(Math.max(fit, 16), MOST_ROWS);
}

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

/** Items that positions are compared with. */
export interface SampledItems {
  /** Vectors of each position's own item, [n, D]. */
  own: Tensor2D;
  /** Vectors of the items that all positions share, [m, D]. */
  shared: Tensor2D;
  /** Ids of these items, [n] and [m], int32: a shared item that is a position's own item does not count for that position. */
  ownIds: Tensor1D;
  sharedIds: Tensor1D;
  /** Added to their logits, [n] and [m]. */
  ownShift: Tensor1D;
  sharedShift: Tensor1D;
}

/** Losses, and the gradients of their sum times `scale`. */
export interface SampledCrossEntropy {
  /** [n], not scaled. */
  loss: Tensor1D;
  /** [n, D] */
  dh: Tensor2D;
  /** [n, D] */
  dOwn: Tensor2D;
  /** [m, D] */
  dShared: Tensor2D;
  /** [n] and [m] */
  dOwnShift: Tensor1D;
  dSharedShift: Tensor1D;
}

/** Logits, softmax, losses and all gradients in one operation. */
export interface SampledCrossEntropyKernels {
  /**
   * Computes the cross-entropy of softmax([own · h + ownShift, shared h + sharedShift]) against the own item of each position.
   *
   * @param h [n, D]
   * @param scale Factor of the gradients, such as 1 over the number of positions for the mean.
   */
  sampledCrossEntropy(h: Tensor2D, items: SampledItems, scale: number): SampledCrossEntropy;
}

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
        const [rows, dim] = h.shape,
          step = Math.max(16, Math.floor(LOGITS_HELD.composed / items.shared.shape[0]));
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
