/**
 * Item-kNN: items with the same users as the items of the history, regardless of order.
 *
 * @module
 */
import { COUNT, NUMBER, SWITCH } from "../../../pipeline/contract/options/arguments.ts";
import { checkKnown } from "../../../pipeline/contract/options/known.ts";
import { InputError } from "../../../pipeline/contract/errors.ts";
import { ItemSet } from "../../evaluate/item_set.ts";
import { fitted } from "./fitted.ts";
import {
  checkFit,
  checkHistories,
  type Histories,
  type Method,
  type Recommender,
} from "../../recommender.ts";
import { addSeenBias, seenBiasOf } from "../../seen_bias.ts";
import { findNeighbours, type Neighbours } from "./neighbours.ts";

/** Options of {@link itemKnn}. */
export interface ItemKnnOptions {
  /** k, the number of nearest neighbours of each item; at least 1. Default: 20. */
  neighbours?: number;
  /** λ, at least 0: lowers the similarity of items that few users have. Default: 20. */
  shrinkage?: number;
  /**
   * Whether the similarities of an item's neighbours are divided by their sum, so that all items of the history count equally. Default:
   * true.
   */
  normalize?: boolean;
}

/**
 * Scores item j by log Σ_i s_ij over the different items i of the history that have j among their k nearest neighbours.
 * The similarity is s_ij = c_ij / (√(c_i c_j) + λ), with c_i the number of users who have i in the training part, and
 * c_ij the number of those who have both. An item that is no item's neighbour gets log 10⁻⁹: it ranks behind all others,
 * and a logit adjustment orders such items as well.
 *
 * Source: Sarwar et al., "Item-based collaborative filtering recommendation algorithms" (WWW 2001), with the cosine; Deshpande and Karypis,
 * "Item-based top-N recommendation algorithms" (TOIS 2004), for sets of items, k = 20 and the normalization. Shrinkage is later practice.
 *
 * @example
 * ```ts
 * import { evaluate, itemKnn, prepare } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const { metrics } = await evaluate(await itemKnn.fit(dataset, {}), dataset);
 * console.log(metrics.strict["HR@10"]);
 * ```
 */
export const itemKnn: Method<ItemKnnOptions> = {
  name: "Item-kNN",
  async fit(dataset, options = {}) {
    checkFit("itemKnn", dataset, options);
    checkKnown("fit Item-kNN", options, { neighbours: COUNT, shrinkage: NUMBER, normalize: SWITCH });
    const { neighbours: k = 20, shrinkage = 20, normalize = true, ...context } = options;
    if (!(shrinkage >= 0 && shrinkage < Infinity)) {
      throw new InputError(`Cannot fit Item-kNN with shrinkage ${shrinkage}: give a number from 0`);
    }
    const neighbours = await findNeighbours(dataset, { k, shrinkage, normalize, ...context });
    return fitted(new ItemKnn(dataset.items, neighbours, seenBiasOf(dataset)), dataset);
  },
};

/** Score below that of any two items that some user has both of. */
const NONE = Math.log(1e-9);

class ItemKnn implements Recommender {
  readonly name = itemKnn.name;
  readonly parameters: number;
  readonly #neighbours: Neighbours;

  constructor(readonly items: number, neighbours: Neighbours, readonly seenBias: number) {
    this.parameters = neighbours.items.length;
    this.#neighbours = neighbours;
  }

  // deno-lint-ignore require-await -- invalid input rejects the promise, as it does for a network
  async score(histories: Histories, candidates?: Uint32Array): Promise<Float32Array> {
    checkHistories(histories, candidates, this.items);
    const { items, starts, ends } = histories;
    const n = starts.length, width = candidates ? candidates.length / n : this.items + 1;
    const scores = new Float32Array(n * width), itemSet = new ItemSet(this.items);
    const row = new Float32Array(this.items + 1);
    for (let i = 0; i < n; i++) {
      row.fill(0);
      row[0] = -Infinity;
      itemSet.clear();
      for (let j = starts[i]; j < ends[i]; j++) if (itemSet.add(items[j])) this.#addNeighbours(items[j], row);
      for (let item = 1; item < row.length; item++) row[item] = row[item] > 0 ? Math.log(row[item]) : NONE;
      if (!candidates) scores.set(row, i * width);
      else for (let j = i * width; j < (i + 1) * width; j++) scores[j] = row[candidates[j]];
    }
    return addSeenBias(scores, this.seenBias, histories, candidates, this.items);
  }

  #addNeighbours(item: number, row: Float32Array): void {
    const { offsets, items, similarities } = this.#neighbours;
    for (let i = offsets[item]; i < offsets[item + 1]; i++) row[items[i]] += similarities[i];
  }
}
