/**
 * Directions in the space of a model's weights, and weights displaced along them.
 *
 * @module
 */
import type { Engine } from "../backend/types.ts";
import type { Tensor, Tensor2D } from "../backend/tensor.ts";
import { ITEM_TABLE } from "../layers/embedding.ts";
import type { Weights } from "../layers/parameters.ts";
import type { ObjectiveResult } from "../automlp/objective.ts";

/** The gradient of a pass. Rows of the item table that it does not list are zero. */
export type Direction = Pick<ObjectiveResult, "gradients" | "items" | "dTable">;

/** The Euclidean length of a direction. */
export function directionNorm({ tf, kernels }: Engine, { gradients, dTable }: Direction): number {
  const squares = tf.tidy(() => kernels.sumOfSquares([...gradients.byName.values(), dTable]).dataSync()[0]);
  return Math.sqrt(squares);
}

/** Weights at W + scale · direction. Use it within `tf.tidy`. */
export function perturbed(
  { tf, kernels }: Engine,
  weights: Weights,
  { gradients, items, dTable }: Direction,
  scale: number,
): Weights {
  const names = [...gradients.byName.keys()];
  const tensors = kernels.addScaled(names.map(weights), [...gradients.byName.values()], scale);
  const moved = new Map(names.map((name, i) => [name, tensors[i]]));
  const table = weights(ITEM_TABLE) as Tensor2D;
  const places = new Int32Array(table.shape[0]); // 0 if an item has no gradient
  items.forEach((item, i) => places[item] = i + 1);
  const gather = (from: Tensor2D, ids: Int32Array) => kernels.gatherRows(from, tf.tensor1d(ids, "int32"));
  const rows = (ids: Int32Array): Tensor2D => {
    const padded = tf.concat([tf.zeros([1, dTable.shape[1]]), dTable], 0) as Tensor2D;
    const step = gather(padded, ids.map((id) => places[id]));
    return kernels.addScaled([gather(table, ids)], [step], scale)[0] as Tensor2D;
  };
  return Object.assign((name: string): Tensor => moved.get(name) ?? weights(name), { rows });
}
