/**
 * Multi-head scaled dot-product attention over time.
 *
 * Source: Vaswani et al., "Attention is all you need" (NeurIPS 2017), equation 1.
 *
 * @module
 */
import type { Tensor, Tensor3D, Tf } from "../backend/tensor.ts";
import type { Ops } from "./ops.ts";
import type { Value } from "./tape.ts";

/** What is masked with: as good as −∞, and no NaN where everything is masked. */
const MASKED = -1e9;

/** Settings of {@link attention}. */
export interface AttentionOptions {
  heads: number;
  /** Whether a place sees itself and what came before only. */
  causal: boolean;
  /** [T × B], time-major: places with 0 are padding, and seen by nobody. */
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
  const { tf } = ops.engine, [length, batch, dim] = q.shape, size = dim / heads, scale = 1 / Math.sqrt(size);
  const split = (x: Tensor) => tf.transpose(tf.reshape(x, [length, batch, heads, size]), [1, 2, 0, 3]);
  const join = (x: Tensor) => tf.reshape(tf.transpose(x, [2, 0, 1, 3]), [length, batch, dim]) as Tensor3D;
  const [qs, ks, vs] = [split(q.tensor), split(k.tensor), split(v.tensor)]; // [B, heads, T, size]
  const scores = tf.add(
    tf.mul(tf.matMul(qs, ks, false, true), scale),
    maskOf(tf, ids, length, batch, causal),
  );
  const shares = tf.softmax(scores); // [B, heads, T, T]
  return ops.record(join(tf.matMul(shares, vs)), [q, k, v], (dy) => {
    const dOut = split(dy), dShares = tf.matMul(dOut, vs, false, true);
    const along = tf.sum(tf.mul(dShares, shares), -1, true);
    const dScores = tf.mul(tf.mul(shares, tf.sub(dShares, along)), scale);
    return [
      join(tf.matMul(dScores, ks)),
      join(tf.matMul(dScores, qs, true)),
      join(tf.matMul(shares, dOut, true)),
    ];
  });
}

/** [B, 1, T, T]: 0 where row t may see column s, else {@link MASKED}. */
function maskOf(tf: Tf, ids: Int32Array, length: number, batch: number, causal: boolean): Tensor {
  const mask = new Float32Array(batch * length * length);
  for (let b = 0, i = 0; b < batch; b++) {
    for (let t = 0; t < length; t++) {
      for (let s = 0; s < length; s++, i++) {
        if (ids[s * batch + b] === 0 || (causal && s > t)) mask[i] = MASKED;
      }
    }
  }
  return tf.tensor4d(mask, [batch, 1, length, length]);
}
