/**
 * What is read from the engine of a network with weights: scores, and the weights themselves.
 *
 * @module
 */
import { memoryError } from "../backend/out_of_memory.ts";
import type { Tensor } from "../backend/tensor.ts";
import type { ParameterSpec, Weights } from "../layers/parameters.ts";

/**
 * The values of scores; the tensor is freed.
 *
 * @param scores Of candidates, or [n, items + 1] of all items, of which the padding's become −∞.
 * @param items How many there are, where it is all of them.
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
