/**
 * Reads from the engine what a network gives: scores, and the weights themselves.
 *
 * @module
 */
import { memoryError } from "../backend/out_of_memory.ts";
import type { Tensor } from "../backend/tensor.ts";
import type { ParameterSpec, Weights } from "../layers/parameters.ts";

/**
 * Reads the values of scores and frees the tensor.
 *
 * @param scores Scores of candidates, or of all items, [n, items + 1], in which those of the padding become −∞.
 * @param items Number of items, if the scores are of all items.
 * @throws {RunError} if they do not fit into memory.
 */
export async function readScores(scores: Tensor, items?: number): Promise<Float32Array> {
  const values = await scores.data().catch((error) => {
    throw memoryError(error);
  }).finally(() => scores.dispose()) as Float32Array;
  if (items === undefined) return values;
  for (let place = 0; place < values.length; place += items + 1) values[place] = -Infinity;
  return values;
}

/** Weights, copied: name → values. */
export const readWeights = (specs: readonly ParameterSpec[], weights: Weights): Map<string, Float32Array> =>
  new Map(specs.map(({ name }) => [name, (weights(name).dataSync() as Float32Array).slice()]));
