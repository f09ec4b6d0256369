/**
 * The baselines: what is popular, what the user had most often, what followed the last item, and what is like the items of the history.
 *
 * @module
 */
import pl, { type LazyDataFrame } from "nodejs-polars";
import { contextOf } from "../../pipeline/contract/context.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { checkInterrupt, InputError } from "../../pipeline/contract/errors.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import { ItemSet } from "../evaluate/item_set.ts";
import { popularityScores, trainingCounts } from "../popularity.ts";
import {
  checkHistories,
  type Histories,
  type Method,
  type Recommender,
  recommenderWithDisplay,
} from "../recommender.ts";
import { addSeenBias, seenBiasOf } from "../seen_bias.ts";
import { trainedOn } from "../trained_on.ts";
import { findNeighbours } from "./neighbours.ts";

/** What a baseline has learnt. */
interface Learnt {
  /** Number of numbers that it has learnt. */
  parameters: number;
  /**
   * Returns the scores of all items after a history, [items + 1]; valid until the next call.
   *
   * @param history Item ids, oldest first.
   */
  scores(history: Uint32Array): Float32Array;
}

/** Makes a baseline. */
function baseline<Options extends object>(
  name: string,
  learn: (dataset: SequenceDataset, options: Options & StageContext) => Learnt | Promise<Learnt>,
): Method<Options> {
  return {
    name,
    async fit(dataset, options = {} as Options & StageContext) {
      checkInterrupt(contextOf(options).signal, `fitting ${name}`);
      const learnt = await learn(dataset, options);
      return trainedOn(recommenderWithDisplay(new Baseline(name, dataset, learnt)), dataset);
    },
  };
}

/** A fitted baseline. */
class Baseline implements Recommender {
  readonly items: number;
  readonly parameters: number;
  readonly seenBias: number;
  readonly #learnt: Learnt;

  constructor(readonly name: string, dataset: SequenceDataset, learnt: Learnt) {
    this.items = dataset.items;
    this.parameters = learnt.parameters;
    this.seenBias = seenBiasOf(dataset);
    this.#learnt = learnt;
  }

  // deno-lint-ignore require-await -- invalid input rejects the promise, as it does for a network
  async score(histories: Histories, candidates?: Uint32Array): Promise<Float32Array> {
    checkHistories(histories, candidates, this.items);
    const { items, starts, ends } = histories, n = starts.length;
    const width = candidates ? candidates.length / n : this.items + 1;
    const scores = new Float32Array(n * width);
    for (let i = 0; i < n; i++) {
      const row = this.#learnt.scores(items.subarray(starts[i], ends[i]));
      if (!candidates) scores.set(row, i * width);
      else for (let j = i * width; j < (i + 1) * width; j++) scores[j] = row[candidates[j]];
    }
    return addSeenBias(scores, this.seenBias, histories, candidates, this.items);
  }
}

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
export const popularity: Method<Record<never, never>> = baseline(
  "Popularity",
  (dataset) => {
    const row = popularityScores(dataset);
    return { parameters: dataset.items, scores: () => row };
  },
);

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
export const personalPopularity: Method<Record<never, never>> = baseline(
  "Personal popularity",
  (dataset) => {
    const popular = popularityScores(dataset), row = new Float32Array(popular.length); // log q
    return {
      parameters: dataset.items,
      scores(history) {
        const counts = new Map<number, number>(), all = Math.log(history.length + 1);
        for (const item of history) counts.set(item, (counts.get(item) ?? 0) + 1);
        for (let item = 0; item < row.length; item++) row[item] = popular[item] - all;
        for (const [item, count] of counts) row[item] = Math.log(count + Math.exp(popular[item])) - all;
        return row;
      },
    };
  },
);

/** Options of {@link markov}. */
export interface MarkovOptions {
  /**
   * Strength of the smoothing, above 0. An item that makes up 1 / `smoothing` of all interactions counts as if it had followed once
   * more. Default: 100, at which popularity only decides between items that followed equally often, or never.
   */
  smoothing?: number;
}

/**
 * Scores item j after item i by the logarithm of the smoothed share of transitions,
 *
 *     P(j | i) = (n_ij + μ p_j) / (n_i + μ),   p_j = (c_j + 1) / (Σ c + items),
 *
 * with n_ij the transitions from i to its direct successor j, n_i = Σ_j n_ij, and c_j the occurrences of j, all in the
 * training part; μ is `smoothing`. This is Dirichlet smoothing (Zhai and Lafferty, SIGIR 2001): rare and
 * unseen transitions fall back on popularity, and so does an empty history, whose scores are log p_j.
 *
 * @example
 * ```ts
 * import { evaluate, markov, prepare } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const { metrics } = await evaluate(await markov.fit(dataset, {}), dataset);
 * console.log(metrics.strict["HR@10"]);
 * ```
 */
export const markov: Method<MarkovOptions> = baseline<MarkovOptions>(
  "Markov",
  (dataset, options) => {
    const { smoothing = 100 } = options;
    if (!(smoothing > 0 && smoothing < Infinity)) {
      throw new InputError(`Cannot fit Markov with smoothing ${smoothing}: give a number above 0`);
    }
    const { offsets, next, counts } = transitionsOf(dataset);
    /** μ p_j and its logarithm, log (n_i + μ), [items + 1] each. */
    const prior = popularityOf(dataset).map((share) => smoothing * share), logPrior = prior.map(Math.log);
    const logLeft = prior.map((_, item) => {
      let left = smoothing;
      if (item > 0) { for (let t = offsets[item]; t < offsets[item + 1]; t++) left += counts[t]; }
      return Math.log(left);
    });
    const row = new Float32Array(prior.length);
    return {
      parameters: next.length + dataset.items,
      scores(history) {
        const last = history.at(-1) ?? 0; // nothing ever followed 0
        for (let item = 0; item < row.length; item++) row[item] = logPrior[item] - logLeft[last];
        for (let t = offsets[last]; t < offsets[last + 1]; t++) {
          row[next[t]] = Math.log(counts[t] + prior[next[t]]) - logLeft[last];
        }
        row[0] = -Infinity;
        return row;
      },
    };
  },
);

/** Item i was followed by `next[offsets[i]]` … `next[offsets[i + 1] − 1]`, ascending, `counts` times. */
interface Transitions {
  /** [items + 2] */
  offsets: Uint32Array;
  next: Uint32Array;
  counts: Uint32Array;
}

function transitionsOf(dataset: SequenceDataset): Transitions {
  const parts = Array.from(
    dataset.scanParts("interactions"),
    (interactions) => pairsIn(interactions).collectSync(),
  );
  const counted = parts.length === 1 ? parts[0].sort("pair") : pl.concat(parts).lazy()
    .groupBy("pair").agg(pl.col("item").first(), pl.col("next").first(), pl.col("n").sum())
    .sort("pair").collectSync();
  const from = counted.getColumn("item").toTypedArray() as Uint32Array;
  const offsets = new Uint32Array(dataset.items + 2);
  for (const item of from) offsets[item + 1]++;
  for (let i = 1; i < offsets.length; i++) offsets[i] += offsets[i - 1];
  return {
    offsets,
    next: counted.getColumn("next").toTypedArray() as Uint32Array,
    counts: counted.getColumn("n").toTypedArray() as Uint32Array,
  };
}

/**
 * Counts, for each pair of items, how often `next` follows `item` in the training part, in rows of whole users: `pair`, `item`, `next`,
 * `n`.
 */
const pairsIn = (interactions: LazyDataFrame): LazyDataFrame =>
  interactions
    .select(
      pl.col("item"),
      pl.col("item").shift(-1).alias("next"),
      pl.col("user").eq(pl.col("user").shift(-1)).and(pl.col("split").shift(-1).eq(pl.lit("train"))).alias(
        "follows",
      ),
    )
    .filter(pl.col("follows"))
    // One integer per pair: grouping and sorting by it is several times faster than by two columns.
    .withColumn(
      pl.col("item").cast(pl.Int64).mul(pl.lit(2 ** 32).cast(pl.Int64)).add(pl.col("next").cast(pl.Int64))
        .alias("pair"),
    )
    .groupBy("pair")
    .agg(pl.col("item").first(), pl.col("next").first(), pl.len().cast(pl.UInt32).alias("n"));

/** Returns the probability of each item without a history, [items + 1]. */
function popularityOf(dataset: SequenceDataset): Float64Array {
  const counts = trainingCounts(dataset);
  const all = counts.reduce((sum, n) => sum + n, 0) + dataset.items;
  return Float64Array.from(counts, (n, item) => item && (n + 1) / all);
}

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
export const itemKnn: Method<ItemKnnOptions> = baseline<ItemKnnOptions>(
  "Item-kNN",
  async (dataset, { neighbours: k = 20, shrinkage = 20, normalize = true, ...context }) => {
    if (!(shrinkage >= 0 && shrinkage < Infinity)) {
      throw new InputError(`Cannot fit Item-kNN with shrinkage ${shrinkage}: give a number from 0`);
    }
    const found = await findNeighbours(dataset, { k, shrinkage, normalize, ...context });
    const { offsets, items, similarities } = found, itemSet = new ItemSet(dataset.items);
    const row = new Float32Array(dataset.items + 1);
    return {
      parameters: items.length,
      scores(history) {
        row.fill(0);
        itemSet.clear();
        for (const item of history) {
          if (!itemSet.add(item)) continue;
          for (let i = offsets[item]; i < offsets[item + 1]; i++) row[items[i]] += similarities[i];
        }
        for (let item = 1; item < row.length; item++) row[item] = row[item] > 0 ? Math.log(row[item]) : NONE;
        row[0] = -Infinity;
        return row;
      },
    };
  },
);

/** Score below that of any two items that some user has both of. */
const NONE = Math.log(1e-9);
