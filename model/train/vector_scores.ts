/**
 * Scores as dot products: a vector for each history with those of items.
 *
 * @module
 */
import type { Engine } from "../backend/types.ts";
import type { Tensor1D, Tensor2D } from "../backend/tensor.ts";
import { checkHistories, type Histories } from "../recommender.ts";
import { addSeenBias } from "../seen_bias.ts";
import { readScores } from "./read_model.ts";

/** What scores are computed from. */
export interface ScoredVectors {
  /** Vectors of the histories, [n, E]. */
  h: Tensor2D;
  /** Vectors of the items, [items + 1, E]; row 0 is the padding's. */
  vectors: Tensor2D;
  /** Values added to the items' products, [items + 1]. Left out: nothing is added. */
  biases?: Tensor1D;
}

/**
 * Computes what {@link Recommender.score} of a network returns.
 *
 * @param compute Called within `tf.tidy`, unless there are no histories.
 */
export async function vectorScores(
  { engine: { tf, kernels }, items, seenBias = 0 }: { engine: Engine; items: number; seenBias?: number },
  histories: Histories,
  candidates: Uint32Array | undefined,
  compute: () => ScoredVectors,
): Promise<Float32Array> {
  checkHistories(histories, candidates, items);
  const n = histories.starts.length;
  if (n === 0) return new Float32Array(0);
  const scores = tf.tidy(() => {
    const { h, vectors, biases } = compute();
    if (!candidates) {
      const products = kernels.matMul(h, vectors, false, true);
      return biases ? kernels.biasAdd(products, biases, "last") : products;
    }
    const ids = tf.tensor1d(Int32Array.from(candidates), "int32");
    const rows = tf.reshape(kernels.gatherRows(vectors, ids), [n, candidates.length / n, h.shape[1]]);
    const products = tf.matMul(rows, tf.expandDims(h, 2));
    if (!biases) return products;
    return tf.add(products, tf.reshape(kernels.gatherRows(tf.expandDims(biases, 1), ids), products.shape));
  });
  const values = await readScores(scores, candidates ? undefined : items);
  return addSeenBias(values, seenBias, histories, candidates, items);
}
