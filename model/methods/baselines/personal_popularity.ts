/**
 * The baseline for data in which items are chosen repeatedly: what this user chooses most often.
 *
 * @module
 */
import { contextOf } from "../../../pipeline/contract/context.ts";
import { checkInterrupt } from "../../../pipeline/contract/errors.ts";
import { checkKnown } from "../../../pipeline/contract/options/known.ts";
import { popularityScores } from "../../popularity.ts";
import { addSeenBias, seenBiasOf } from "../../seen_bias.ts";
import { fitted } from "./fitted.ts";
import {
  checkFit,
  checkHistories,
  type Histories,
  type Method,
  type Recommender,
} from "../../recommender.ts";

/**
 * Scores item i by log (n_i + q_i) / (n + 1), with n the length of the history, n_i how often i is in it, and q_i the item's share of the
 * training part: items that the user has had come first, ordered by how often, followed by popular items.
 *
 * Source: the personal and the global frequency of Hu et al., "Modeling personalized item frequency information for next-basket
 * recommendation" (SIGIR 2020), "GP-TopFreq"; here as one distribution, Dirichlet-smoothed by popularity.
 *
 * @example
 * ```ts
 * import { evaluate, personalPopularity, prepare } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const options = { protocols: ["full" as const], keepSeen: true };
 * const { metrics } = await evaluate(await personalPopularity.fit(dataset, {}), dataset, options);
 * console.log(metrics.full["HR@10"]);
 * ```
 */
export const personalPopularity: Method<Record<never, never>> = {
  name: "Personal popularity",
  fit: (dataset, options = {}) =>
    Promise.try(() => {
      checkFit("personalPopularity", dataset, options);
      checkKnown("fit Personal popularity", options, {});
      checkInterrupt(contextOf(options).signal, "fitting Personal popularity");
      return fitted(
        new PersonalPopularity(popularityScores(dataset), seenBiasOf(dataset)),
        dataset,
      );
    }),
};

class PersonalPopularity implements Recommender {
  readonly name = personalPopularity.name;
  readonly items: number;
  readonly parameters: number;
  /** log q, [items + 1]; shared, must not be changed. */
  readonly #popular: Float32Array;

  constructor(popular: Float32Array, readonly seenBias: number) {
    this.items = this.parameters = popular.length - 1;
    this.#popular = popular;
  }

  // deno-lint-ignore require-await -- invalid input rejects the promise, as it does for a network
  async score(histories: Histories, candidates?: Uint32Array): Promise<Float32Array> {
    checkHistories(histories, candidates, this.items);
    const { items, starts, ends } = histories, popular = this.#popular;
    const n = starts.length, width = candidates ? candidates.length / n : popular.length;
    const scores = new Float32Array(n * width), counts = new Uint32Array(popular.length);
    for (let i = 0; i < n; i++) {
      const own = items.subarray(starts[i], ends[i]), all = Math.log(own.length + 1);
      for (const item of own) counts[item]++;
      for (let c = 0, at = i * width; c < width; c++, at++) {
        const item = candidates ? candidates[at] : c, log = popular[item];
        scores[at] = (counts[item] > 0 ? Math.log(counts[item] + Math.exp(log)) : log) - all;
      }
      for (const item of own) counts[item] = 0;
    }
    return addSeenBias(scores, this.seenBias, histories, candidates, this.items);
  }
}
