/**
 * The vectors whose dot products are a network's scores, for searching among them with other tools.
 *
 * @module
 */
import type { Engine } from "../backend/types.ts";
import type { Tensor, Tensor1D, Tensor2D } from "../backend/tensor.ts";
import { checkHistories, type Histories } from "../recommender.ts";
import { readScores } from "./read_model.ts";

/** Vectors of all items, as `itemVectors()` of a {@link Model} returns them. */
export interface ItemVectors {
  /** Size of a vector, E. */
  size: number;
  /** The vectors, [items + 1, E]; row 0 is the padding's. */
  values: Float32Array;
  /** Values added to the items' dot products, [items + 1]. Left out: nothing is added. */
  biases?: Float32Array;
}

/** Reads a network's vectors and biases of all items; `compute` is called within `tf.tidy`. */
export async function readItemVectors(
  { tf }: Engine,
  compute: () => { vectors: Tensor2D; biases?: Tensor1D },
): Promise<ItemVectors> {
  const [vectors, biases] = tf.tidy(() => {
    const { vectors, biases } = compute();
    // Clones: the tensors may be kept by the model.
    return biases ? [vectors.clone(), biases.clone()] : [vectors.clone()];
  }) as Tensor[];
  const size = vectors.shape[1]!;
  return {
    size,
    values: await readScores(vectors),
    ...(biases && { biases: await readScores(biases) }),
  };
}

/** Reads a network's vectors of histories, [n, E]; `compute` is called within `tf.tidy`, unless there are none. */
export async function readHistoryVectors(
  { engine: { tf }, items }: { engine: Engine; items: number },
  histories: Histories,
  compute: () => Tensor2D,
): Promise<Float32Array> {
  checkHistories(histories, undefined, items);
  return histories.starts.length === 0 ? new Float32Array(0) : await readScores(tf.tidy(compute));
}
