/**
 * Dilated causal convolution over sequences, with its gradient. Composed, it is a matrix product per tap: in time-major order, an earlier
 * position is a row a multiple of the batch size before.
 *
 * @module
 */
import type { BasicKernels } from "./kernels.ts";
import type { Tensor1D, Tensor2D, Tensor3D, Tf } from "./tensor.ts";

/** Weights of a convolution from D to E channels, or their gradients. */
export interface ConvolutionWeights {
  /** One matrix per tap, the newest last, [taps, E, D]: PyTorch's [E, D, taps] with the last axis first. */
  w: Tensor3D;
  /** [E] */
  b: Tensor1D;
}

/** Convolution. `ids` [T, B], int32: where they are 0, x counts as zero, y is zero, and there is no gradient. */
export interface ConvolutionKernels {
  /**
   * Computes y[t] = b + Σ w[taps − 1 − i] x[t − i · dilation], with x zero before its first position.
   *
   * @param x [T, B, D]
   * @returns [T, B, E]
   */
  convolution(x: Tensor3D, weights: ConvolutionWeights, dilation: number, ids?: Tensor2D): Tensor3D;

  /** Computes the gradient of {@link ConvolutionKernels.convolution} with respect to its input and weights. */
  convolutionGrad(
    dy: Tensor3D,
    x: Tensor3D,
    weights: ConvolutionWeights,
    dilation: number,
    ids?: Tensor2D,
  ): { dx: Tensor3D } & ConvolutionWeights;
}

/** Composes convolution from smaller operations. */
export function composedConvolution(tf: Tf, k: BasicKernels): ConvolutionKernels {
  /** [T, B, D] → [T · B, D], with padding set to zero. */
  const real = (x: Tensor3D, ids?: Tensor2D): Tensor2D => {
    const rows = tf.reshape(x, [-1, x.shape[2]]) as Tensor2D;
    if (!ids) return rows;
    return tf.where(tf.notEqual(tf.reshape(ids, [-1, 1]), 0), rows, tf.zerosLike(rows));
  };
  const matrix = (w: Tensor3D, tap: number) =>
    tf.reshape(tf.slice(w, [tap, 0, 0], [1]), [w.shape[1], w.shape[2]]) as Tensor2D;
  const from = (x: Tensor2D, row: number, rows: number) => tf.slice(x, [row, 0], [rows, x.shape[1]]);

  return {
    convolution: (x, { w, b }, dilation, ids) =>
      tf.tidy(() => {
        const [length, batch, dim] = x.shape, rows = length * batch, [taps, width] = w.shape;
        const older = tf.zeros([(taps - 1) * dilation * batch, dim]);
        const all = tf.concat([older, real(x, ids)], 0) as Tensor2D;
        const products = Array.from(
          { length: taps },
          (_, tap) => k.matMul(from(all, tap * dilation * batch, rows), matrix(w, tap), false, true),
        );
        const y = k.biasAdd(k.sum(products), b, "last");
        const shaped = tf.reshape(y, [length, batch, width]) as Tensor3D;
        return tf.reshape(real(shaped, ids), shaped.shape) as Tensor3D;
      }),

    convolutionGrad: (dy, x, { w }, dilation, ids) =>
      tf.tidy(() => {
        const [length, batch, dim] = x.shape, rows = length * batch, [taps, width] = w.shape;
        const reach = (taps - 1) * dilation * batch, dOut = real(dy, ids);
        const all = tf.concat([tf.zeros([reach, dim]), real(x, ids)], 0) as Tensor2D;
        const later = tf.concat([dOut, tf.zeros([reach, width])], 0) as Tensor2D;
        const each = Array.from({ length: taps }, (_, tap) => {
          const row = tap * dilation * batch;
          return {
            dx: k.matMul(from(later, reach - row, rows), matrix(w, tap)),
            w: k.matMul(dOut, from(all, row, rows), true),
          };
        });
        const dx = tf.reshape(k.sum(each.map((one) => one.dx)), x.shape) as Tensor3D;
        return {
          dx: tf.reshape(real(dx, ids), x.shape) as Tensor3D,
          w: tf.stack(each.map((one) => one.w)) as Tensor3D,
          b: k.biasGrad(dOut, "last"),
        };
      }),
  };
}
