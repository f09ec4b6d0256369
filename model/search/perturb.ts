/**
 * Directions in the space of a model's weights, and weights displaced along them.
 *
 * @module
 */
import type { Engine } from "../backend/types.ts";
import type { Tensor, Tensor2D } from "../backend/tensor.ts";
import type { Weights } from "../layers/parameters.ts";
import type { BatchResult } from "../train/method.ts";

/** The gradients of a pass. Rows of tables that it does not list are zero. */
export type Direction = Pick<BatchResult, "gradients" | "rows">;

/** The Euclidean length of a direction. */
export function directionNorm({ tf, kernels }: Engine, { gradients, rows }: Direction): number {
  const all = [...Object.values(gradients), ...rows.map(({ gradient }) => gradient)];
  return Math.sqrt(tf.tidy(() => kernels.sumOfSquares(all).dataSync()[0]));
}

/** Weights at W + scale · direction. Use it within `tf.tidy`. */
export function perturbed(
  { tf, kernels }: Engine,
  weights: Weights,
  { gradients, rows: moves }: Direction,
  scale: number,
): Weights {
  const names = Object.keys(gradients);
  const tensors = kernels.addScaled(names.map(weights), Object.values(gradients), scale);
  const moved = new Map(names.map((name, i) => [name, tensors[i]]));
  const gather = (from: Tensor2D, ids: Int32Array) =>
    kernels.gatherRows(from, tf.tensor1d(ids, "int32")) as Tensor2D;
  const rows = (name: string, ids: Int32Array): Tensor2D => {
    const own = gather(weights(name) as Tensor2D, ids), move = moves.find(({ table }) => table === name);
    if (!move) return own;
    const places = new Map(Array.from(move.rows, (row, i) => [row, i + 1])); // 0 if a row has no gradient
    const padded = tf.concat([tf.zeros([1, move.gradient.shape[1]]), move.gradient], 0) as Tensor2D;
    return kernels.addScaled(
      [own],
      [gather(padded, ids.map((id) => places.get(id) ?? 0))],
      scale,
    )[0] as Tensor2D;
  };
  return Object.assign((name: string): Tensor => moved.get(name) ?? weights(name), { rows });
}
