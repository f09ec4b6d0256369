/**
 * Multi-head scaled dot-product attention over time.
 *
 * Source: Vaswani et al., "Attention is all you need" (NeurIPS 2017), equation 1.
 *
 * @module
 */
import type { Tensor2D, Tensor3D } from "../backend/tensor.ts";
import type { Ops } from "./ops.ts";
import type { Value } from "./tape.ts";

/** Settings of {@link attention}. */
export interface AttentionOptions {
  heads: number;
  /** Whether a place sees itself and what came before only. */
  causal: boolean;
  /** [T × B], time-major: places with 0 are padding, which sees nothing and is seen by nobody. */
  ids: Int32Array;
}

/**
 * softmax(q kᵀ / √(D / heads)) v for each head.
 *
 * @param q [T, B, D]; k and v alike.
 * @returns [T, B, D]
 */
export function attention(
  ops: Ops,
  q: Value<Tensor3D>,
  k: Value<Tensor3D>,
  v: Value<Tensor3D>,
  { heads, causal, ids }: AttentionOptions,
): Value<Tensor3D> {
  const { tf, kernels } = ops.engine, [length, batch] = q.shape;
  const settings = { heads, causal, ids: tf.tensor2d(ids, [length, batch], "int32") as Tensor2D };
  return ops.record(kernels.attention(q.tensor, k.tensor, v.tensor, settings), [q, k, v], (dy) => {
    const { dq, dk, dv } = kernels.attentionGrad(dy, q.tensor, k.tensor, v.tensor, settings);
    return [dq, dk, dv];
  });
}
