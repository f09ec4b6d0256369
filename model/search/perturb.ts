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

/** The gradient of a pass. Rows of the item table that it does not name are zero. */
export type Direction = Pick<ObjectiveResult, "gradients" | "items" | "dTable">;

/** The Euclidean length of a direction. */
export function directionNorm({ tf }: Engine, { gradients, dTable }: Direction): number {
  const squares = tf.tidy(() =>
    tf.addN([...gradients.byName.values(), dTable].map((t) => tf.sum(tf.square(t)))).dataSync()[0]
  );
  return Math.sqrt(squares);
}

/** Weights at W + scale · direction. To be used in `tf.tidy`. */
export function perturbed(
  { tf, kernels }: Engine,
  weights: Weights,
  { gradients, items, dTable }: Direction,
  scale: number,
): Weights {
  const moved = new Map<string, Tensor>(), factor = tf.scalar(scale);
  const at = (name: string): Tensor => {
    const direction = gradients.byName.get(name);
    if (!direction) return weights(name);
    let tensor = moved.get(name);
    if (!tensor) moved.set(name, tensor = kernels.sum([weights(name), tf.mul(direction, factor)]));
    return tensor;
  };
  const places = new Map(Array.from(items, (item, i) => [item, i + 1]));
  const rows = (ids: Int32Array): Tensor2D => {
    const gather = (table: Tensor2D, from: Int32Array) =>
      kernels.gatherRows(table, tf.tensor1d(from, "int32")) as Tensor2D;
    const padded = tf.concat([tf.zeros([1, dTable.shape[1]]), tf.mul(dTable, factor)], 0) as Tensor2D;
    const step = gather(padded, ids.map((id) => places.get(id) ?? 0));
    return kernels.sum([gather(weights(ITEM_TABLE) as Tensor2D, ids), step]);
  };
  return Object.assign(at, { rows });
}
