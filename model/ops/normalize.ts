/**
 * LayerNorm without gain and bias, which a dense layer behind it would take up.
 *
 * @module
 */
import type { Tensor } from "../backend/tensor.ts";
import type { Ops } from "./ops.ts";
import type { Value } from "./tape.ts";

/** Each row of the last axis, less its mean, over its standard deviation; `epsilon` is added to the variance. */
export function normalize<T extends Tensor>(ops: Ops, x: Value<T>, epsilon: number): Value<T> {
  const { kernels } = ops.engine, { y, scale } = kernels.layerNorm(x.tensor, epsilon);
  return ops.record(y, [x], (dy) => [kernels.layerNormGrad(dy, y, scale)]);
}
