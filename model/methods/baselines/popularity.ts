/**
 * The baseline that knows nothing about the user: what is popular.
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
 * Scores each item by the logarithm of its share of the training part, with one added to each item's count, regardless of the history.
 *
 * @example
 * ```ts
 * import { evaluate, popularity, prepare } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const { metrics } = await evaluate(await popularity.fit(dataset, {}), dataset);
 * console.log(metrics.strict["HR@10"]);
 * ```
 */
export const popularity: Method<Record<never, never>> = {
  name: "Popularity",
  fit: (dataset, options = {}) =>
    Promise.try(() => {
      checkFit("popularity", dataset, options);
      checkKnown("fit Popularity", options, {});
      checkInterrupt(contextOf(options).signal, "fitting Popularity");
      return fitted(new Popularity(popularityScores(dataset), seenBiasOf(dataset)), dataset);
    }),
};

class Popularity implements Recommender {
  readonly name = popularity.name;
  readonly items: number;
  readonly parameters: number;
  /** Scores, [items + 1]; shared, must not be changed. */
  readonly #row: Float32Array;

  constructor(scores: Float32Array, readonly seenBias: number) {
    this.items = this.parameters = scores.length - 1;
    this.#row = scores;
  }

  // deno-lint-ignore require-await -- invalid input rejects the promise, as it does for a network
  async score(histories: Histories, candidates?: Uint32Array): Promise<Float32Array> {
    checkHistories(histories, candidates, this.items);
    const { starts } = histories, row = this.#row;
    const scores = new Float32Array(candidates?.length ?? starts.length * row.length); // [n × c] or [n × (items + 1)]
    if (candidates) candidates.forEach((item, i) => scores[i] = row[item]);
    else for (let i = 0; i < starts.length; i++) scores.set(row, i * row.length);
    return addSeenBias(scores, this.seenBias, histories, candidates, this.items);
  }
}
