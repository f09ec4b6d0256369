/**
 * The position-wise feed-forward block of a transformer as one operation.
 *
 * @module
 */
import type { Activation, FeedForwardWeights } from "../backend/feed_forward.ts";
import type { Tensor2D } from "../backend/tensor.ts";
import type { Ops } from "./ops.ts";
import type { Value } from "./tape.ts";

/** Weights of a block; see {@link FeedForwardWeights}. */
export type FeedForwardValues = { [K in keyof FeedForwardWeights]: Value<FeedForwardWeights[K]> };

/**
 * Computes w2 g(w1 x + b1) + b2 for each row.
 *
 * @param x [n, D]
 * @returns [n, E]
 */
export function feedForward(
  ops: Ops,
  x: Value<Tensor2D>,
  { w1, b1, w2, b2 }: FeedForwardValues,
  activation: Activation,
): Value<Tensor2D> {
  const { kernels } = ops.engine;
  const weights: FeedForwardWeights = { w1: w1.tensor, b1: b1.tensor, w2: w2.tensor, b2: b2.tensor };
  return ops.record(kernels.feedForward(x.tensor, weights, activation), [x, w1, b1, w2, b2], (dy) => {
    const d = kernels.feedForwardGrad(dy, x.tensor, weights, activation);
    return [d.dx, d.w1, d.b1, d.w2, d.b2];
  });
}
