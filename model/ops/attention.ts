/**
 * Multi-head self-attention over time.
 *
 * Source: Vaswani et al., "Attention is all you need" (NeurIPS 2017), equation 1.
 *
 * @module
 */
import type { AttentionWeights } from "../backend/attention.ts";
import type { Tensor2D, Tensor3D } from "../backend/tensor.ts";
import type { Ops } from "./ops.ts";
import type { Value } from "./tape.ts";

/** Weights of an attention; see {@link AttentionWeights}. */
export type AttentionValues = { [K in keyof AttentionWeights]: Value<AttentionWeights[K]> };

/** Settings of {@link attention}. */
export interface AttentionOptions {
  heads: number;
  /** Whether a position sees only itself and earlier ones. */
  causal: boolean;
  /** Number of sequences, B, and their length, T. */
  size: number;
  length: number;
  /** [T × B], time-major: positions with 0 are padding, which sees nothing and is not seen. */
  ids: Int32Array;
}

/**
 * Computes softmax(q kᵀ / √(D / heads)) v for each head, q = queries Wqᵀ, k = x Wkᵀ, v = x Wvᵀ.
 *
 * @param queries [T · B, D]
 * @param x [T · B, D]; may be the same value as `queries`.
 * @returns [T · B, D], the heads side by side.
 */
export function attention(
  ops: Ops,
  queries: Value<Tensor2D>,
  x: Value<Tensor2D>,
  { wq, wk, wv }: AttentionValues,
  { heads, causal, size, length, ids }: AttentionOptions,
): Value<Tensor2D> {
  const { tf, kernels } = ops.engine, [rows, dim] = x.shape;
  const inTime = (y: Tensor2D) => tf.reshape(y, [length, size, dim]) as Tensor3D;
  const flat = (y: Tensor3D) => tf.reshape(y, [rows, dim]) as Tensor2D;
  const from = inTime(x.tensor), asking = queries === x ? from : inTime(queries.tensor);
  const weights: AttentionWeights = { wq: wq.tensor, wk: wk.tensor, wv: wv.tensor };
  const settings = { heads, causal, ids: tf.tensor2d(ids, [length, size], "int32") as Tensor2D };
  const y = flat(kernels.attention(asking, from, weights, settings));
  return ops.record(y, [queries, x, wq, wk, wv], (dy) => {
    const d = kernels.attentionGrad(inTime(dy), asking, from, weights, settings);
    return [d.dQueries && flat(d.dQueries), flat(d.dx), d.wq, d.wk, d.wv];
  });
}
