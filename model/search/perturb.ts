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

/** A gradient, kept beyond the pass that made it. Rows of the item table that it does not name are zero. */
export interface Direction {
  byName: Map<string, Tensor>;
  /** Item ids, each once. */
  items: Uint32Array;
  /** [items, D] */
  table: Tensor2D;
}

/** The gradient of a pass as a direction: its tensors outlive `tf.tidy`. */
export function keepDirection({ tf }: Engine, { gradients, items, dTable }: ObjectiveResult): Direction {
  return {
    byName: new Map([...gradients.byName].map(([name, tensor]) => [name, tf.keep(tensor.clone())])),
    items,
    table: tf.keep(dTable.clone()) as Tensor2D,
  };
}

/** Frees a direction. */
export function releaseDirection({ byName, table }: Direction): void {
  for (const tensor of byName.values()) tensor.dispose();
  table.dispose();
}

/** The Euclidean length of a direction. */
export function directionNorm({ tf }: Engine, { byName, table }: Direction): number {
  const squares = tf.tidy(() =>
    tf.addN([...byName.values(), table].map((t) => tf.sum(tf.square(t)))).dataSync()[0]
  );
  return Math.sqrt(squares);
}

/** Weights at W + scale · direction. To be used in `tf.tidy`. */
export function perturbed(
  { tf, kernels }: Engine,
  weights: Weights,
  { byName, items, table }: Direction,
  scale: number,
): Weights {
  const moved = new Map<string, Tensor>();
  const at = (name: string): Tensor => {
    const direction = byName.get(name);
    if (!direction) return weights(name);
    let tensor = moved.get(name);
    if (!tensor) moved.set(name, tensor = tf.add(weights(name), tf.mul(direction, scale)));
    return tensor;
  };
  const places = new Map(Array.from(items, (item, i) => [item, i + 1]));
  const rows = (ids: Int32Array): Tensor2D => {
    const own = kernels.gatherRows(weights(ITEM_TABLE) as Tensor2D, tf.tensor1d(ids, "int32"));
    const padded = tf.concat([tf.zeros([1, table.shape[1]]), table], 0) as Tensor2D;
    const step = kernels.gatherRows(padded, tf.tensor1d(ids.map((id) => places.get(id) ?? 0), "int32"));
    return tf.add(own, tf.mul(step, scale)) as Tensor2D;
  };
  return Object.assign(at, { rows });
}
