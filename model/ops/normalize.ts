/**
 * LayerNorm without gain and bias, which a following dense layer would absorb.
 *
 * @module
 */
import type { Tensor } from "../backend/tensor.ts";
import type { Ops } from "./ops.ts";
import type { Value } from "./tape.ts";

/** Subtracts from each row of the last axis its mean and divides by its standard deviation; `epsilon` is added to the variance. */
export function normalize<T extends Tensor>(ops: Ops, x: Value<T>, epsilon: number): Value<T> {
  const { kernels } = ops.engine, { y, scale } = kernels.layerNorm(x.tensor, epsilon);
  return ops.record(y, [x], (dy) => [kernels.layerNormGrad(dy, y, scale)]);
}
