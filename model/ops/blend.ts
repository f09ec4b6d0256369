/**
 * A weighted mean of several values, each with scores of its own.
 *
 * @module
 */
import type { Tensor2D } from "../backend/tensor.ts";
import type { Ops } from "./ops.ts";
import type { Value } from "./tape.ts";

/**
 * Computes y = Σ a_k ⊙ v_k, a = softmax over k of the scores, element by element.
 *
 * @param values v_k, each [n, D].
 * @param scores One for each value, [n, D].
 * @returns [n, D]
 */
export function blend(
  ops: Ops,
  values: readonly Value<Tensor2D>[],
  scores: readonly Value<Tensor2D>[],
): Value<Tensor2D> {
  const { tf, kernels } = ops.engine, count = values.length;
  const stacked = tf.stack(scores.map(({ tensor }) => tensor), 2);
  const shares = tf.unstack(tf.softmax(stacked), 2) as Tensor2D[];
  const y = kernels.sum(values.map(({ tensor }, k) => tf.mul(shares[k], tensor) as Tensor2D));
  return ops.record(y, [...values, ...scores], (dy) => {
    const own = shares.map((share) => tf.mul(share, dy));
    // ∂y/∂s_k = a_k ⊙ (v_k − y)
    return [
      ...own,
      ...Array.from({ length: count }, (_, k) => tf.mul(own[k], tf.sub(values[k].tensor, y))),
    ];
  });
}
