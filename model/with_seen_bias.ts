/**
 * Gives a method of one's own the bias for items of the history that the methods here have.
 *
 * @module
 */
import { checkCall } from "../pipeline/contract/options/arguments.ts";
import { DATASET, type SequenceDataset } from "../pipeline/contract/dataset.ts";
import { RECOMMENDER, type Recommender } from "./recommender.ts";
import { addSeenBias, seenBiasOf } from "./seen_bias.ts";

/**
 * Returns the method with a bias on the scores of items that are in the history, as all methods here have one: the log of how many times
 * less likely a repeat is than by chance, in the training part of the dataset. If users take no item twice, protocols whose negatives
 * contain items of the history (`recbole`) favor methods with it, so that a method without is not comparable.
 *
 * @param recommender A method that scores items of the history like others.
 * @throws {InputError} if it is no method, or there is no dataset.
 * @example
 * ```ts
 * import { evaluate, prepare, type Recommender, withSeenBias } from "automlp";
 *
 * const { dataset } = await prepare({ dataset: "demo", out: await Deno.makeTempDir() });
 * const newest: Recommender = {
 *   name: "Newest",
 *   items: dataset.items,
 *   parameters: 0,
 *   score: ({ starts }, candidates) => {
 *     const all = Uint32Array.from({ length: starts.length * (dataset.items + 1) }, (_, i) => i % (dataset.items + 1));
 *     return Promise.resolve(Float32Array.from(candidates ?? all, (item) => item === 0 ? -Infinity : item / dataset.items));
 *   },
 * };
 * console.log(await evaluate(withSeenBias(newest, dataset), dataset));
 * ```
 */
export function withSeenBias(recommender: Recommender, dataset: SequenceDataset): Recommender {
  checkCall("withSeenBias(mine, dataset)", [recommender, RECOMMENDER], [dataset, DATASET]);
  const { name, items, parameters, length, keepSeen } = recommender, bias = seenBiasOf(dataset);
  return {
    name,
    items,
    parameters,
    length,
    keepSeen,
    async score(histories, candidates) {
      const scores = Float32Array.from(await recommender.score(histories, candidates));
      return addSeenBias(scores, bias, histories, candidates, items);
    },
  };
}
