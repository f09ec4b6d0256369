/**
 * The fused operations as compositions of plain ones: for backends that have nothing better, and as the reference that the
 * others are tested against.
 *
 * @module
 */
import { composedAttention } from "./attention.ts";
import { composedConvolution } from "./convolution.ts";
import { composedLinearCrossEntropy, composedSampledCrossEntropy } from "./cross_entropy.ts";
import { composedFeedForward } from "./feed_forward.ts";
import { asRows, type Axis, type BasicKernels, correctedSettings } from "./kernels.ts";
import type { Kernels, SequenceKernels } from "./types.ts";
import { composedMixers } from "./mixers.ts";
import { composedRecurrent } from "./recurrent.ts";
import type { Tensor, Tensor1D, Tensor2D, Tf } from "./tensor.ts";

/** Composes the fused operations from those of `tf`. */
export function plainKernels(tf: Tf): Kernels {
  /** Reshapes a bias so that it broadcasts over x's rows. */
  const spread = (bias: Tensor1D, x: Tensor, axis: Axis) =>
    axis === "last" ? bias : tf.reshape(bias, [bias.size, ...x.shape.slice(1).map(() => 1)]);
  const sumOfRest = (x: Tensor, axis: Axis) =>
    tf.sum(tf.reshape(x, asRows(x, axis)), axis === "first" ? 1 : 0) as Tensor1D;

  const basic: BasicKernels = {
    matMul: (a, b, transposeA = false, transposeB = false) => tf.matMul(a, b, transposeA, transposeB),

    sum: (tensors) => tf.addN(tensors),

    addScaled: (tensors, directions, scale) =>
      tf.tidy(() => tensors.map((tensor, i) => tf.add(tensor, tf.mul(directions[i], scale)))),

    sumOfSquares: (tensors) => tf.tidy(() => tf.addN(tensors.map((tensor) => tf.sum(tf.square(tensor))))),

    layerNorm: <T extends Tensor>(x: T, epsilon: number) =>
      tf.tidy(() => {
        const centred = tf.sub(x, tf.mean(x, -1, true));
        const scale = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon));
        return { y: tf.mul(centred, scale) as T, scale: tf.reshape(scale, [-1]) as Tensor1D };
      }),

    layerNormGrad: <T extends Tensor>(dy: T, y: T, scale: Tensor1D, add?: T) =>
      tf.tidy(() => {
        const centred = tf.sub(dy, tf.mean(dy, -1, true));
        const along = tf.mul(y, tf.mean(tf.mul(dy, y), -1, true));
        const rows = tf.reshape(scale, [...dy.shape.slice(0, -1), 1]);
        const dx = tf.mul(tf.sub(centred, along), rows) as T;
        return add ? tf.add(dx, add) as T : dx;
      }),

    biasAdd: <T extends Tensor>(x: T, bias: Tensor1D, axis: Axis, residual?: T) =>
      tf.tidy(() => {
        const y = tf.add(x, spread(bias, x, axis)) as T;
        return residual ? tf.add(y, residual) as T : y;
      }),

    biasGrad: (dy, axis) => tf.tidy(() => sumOfRest(dy, axis)),

    reluGrad: <T extends Tensor>(dy: T, x: T) => tf.tidy(() => tf.mul(dy, tf.step(x)) as T),

    dropout: <T extends Tensor>(x: T, rate: number, seed: number) =>
      tf.tidy(() => tf.mul(x, tf.tensor(dropoutMask(x.size, rate, seed), x.shape)) as T),

    gatherRows: (table, ids) => tf.gather(table, ids),

    segmentSum: (values, ids, rows) => tf.unsortedSegmentSum(values, ids, rows),

    embeddingBag: (table, ids, bags, shares, rows) =>
      tf.tidy(() => {
        const values = tf.mul(tf.gather(table, ids), tf.reshape(shares, [-1, 1]));
        return tf.unsortedSegmentSum(values, bags, rows) as Tensor2D;
      }),

    softmaxCrossEntropy: (logits, labels, scale) =>
      tf.tidy(() => {
        const right = tf.oneHot(labels, logits.shape[1]) as Tensor2D;
        const shifted = tf.sub(logits, tf.max(logits, 1, true));
        const powers = tf.exp(shifted), total = tf.sum(powers, 1, true);
        const loss = tf.sub(tf.log(tf.reshape(total, [-1])), tf.sum(tf.mul(shifted, right), 1)) as Tensor1D;
        return { loss, dLogits: tf.mul(tf.sub(tf.div(powers, total), right), scale) as Tensor2D };
      }),

    adam({ parameter, first, second }, gradient, settings) {
      const [rate, beta1, beta2, epsilon] = correctedSettings(settings);
      tf.tidy(() => {
        const m = tf.add(tf.mul(first, beta1), tf.mul(gradient, 1 - beta1));
        const v = tf.add(tf.mul(second, beta2), tf.mul(tf.square(gradient), 1 - beta2));
        first.assign(m);
        second.assign(v);
        parameter.assign(tf.sub(parameter, tf.mul(tf.div(m, tf.add(tf.sqrt(v), epsilon)), rate)));
      });
    },

    adamRows({ parameter, first, second }, ids, gradient, settings) {
      const [rate, beta1, beta2, epsilon] = correctedSettings(settings);
      tf.tidy(() => {
        const rows = tf.expandDims(ids, 1);
        const m = tf.add(tf.mul(tf.gather(first, ids), beta1), tf.mul(gradient, 1 - beta1));
        const v = tf.add(tf.mul(tf.gather(second, ids), beta2), tf.mul(tf.square(gradient), 1 - beta2));
        const p = tf.sub(tf.gather(parameter, ids), tf.mul(tf.div(m, tf.add(tf.sqrt(v), epsilon)), rate));
        first.assign(tf.tensorScatterUpdate(first, rows, m));
        second.assign(tf.tensorScatterUpdate(second, rows, v));
        parameter.assign(tf.tensorScatterUpdate(parameter, rows, p));
      });
    },
  };
  return { ...basic, ...composedMixers(tf, basic), ...composedSequences(tf, basic) };
}

/** Composes all of them from smaller operations. */
export const composedSequences = (tf: Tf, k: BasicKernels): SequenceKernels => ({
  ...composedRecurrent(tf, k),
  ...composedAttention(tf, k),
  ...composedConvolution(tf, k),
  ...composedFeedForward(tf, k),
  ...composedLinearCrossEntropy(tf, k),
  ...composedSampledCrossEntropy(tf, k),
});

/** Chris Wellons' lowbias32: every bit of the input flips each bit of the output with a probability of nearly one half. */
function mix(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
}

/** Returns a mask [size]: 0 with probability `rate`, otherwise 1 / (1 − rate). */
export function dropoutMask(size: number, rate: number, seed: number): Float32Array {
  const first = mix(seed), second = mix(first ^ 0x9e3779b9);
  const limit = Math.floor(Math.fround(rate) * 2 ** 32), scale = 1 / (1 - rate);
  const mask = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    if ((mix(mix(i ^ first) ^ second) >>> 0) >= limit) mask[i] = scale;
  }
  return mask;
}
