/**
 * Dilated causal convolution over time as an operation.
 *
 * @module
 */
import type { ConvolutionWeights } from "../backend/convolution.ts";
import type { Tensor2D, Tensor3D } from "../backend/tensor.ts";
import type { Ops } from "./ops.ts";
import type { Value } from "./tape.ts";

/** Weights of a convolution; see {@link ConvolutionWeights}. */
export type ConvolutionValues = { [K in keyof ConvolutionWeights]: Value<ConvolutionWeights[K]> };

/**
 * Computes y[t] = b + Σ w[taps − 1 − i] x[t − i · dilation]: the newest tap is the last.
 *
 * @param x [T, B, D]
 * @param ids [T × B]: where ids are 0, x counts as zero and y is zero.
 * @returns [T, B, E]
 */
export function convolution(
  ops: Ops,
  x: Value<Tensor3D>,
  { w, b }: ConvolutionValues,
  dilation: number,
  ids: Int32Array,
): Value<Tensor3D> {
  const { tf, kernels } = ops.engine, [length, batch] = x.shape;
  const weights: ConvolutionWeights = { w: w.tensor, b: b.tensor };
  const padding = tf.tensor2d(ids, [length, batch], "int32") as Tensor2D;
  return ops.record(kernels.convolution(x.tensor, weights, dilation, padding), [x, w, b], (dy) => {
    const d = kernels.convolutionGrad(dy, x.tensor, weights, dilation, padding);
    return [d.dx, d.w, d.b];
  });
}
