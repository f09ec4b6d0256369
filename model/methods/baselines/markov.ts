/**
 * A first-order Markov chain of items: what followed the last item in the training part.
 *
 * @module
 */
import { NUMBER } from "../../../pipeline/contract/options/arguments.ts";
import { checkKnown } from "../../../pipeline/contract/options/known.ts";
import pl, { type LazyDataFrame } from "nodejs-polars";
import type { SequenceDataset } from "../../../pipeline/contract/dataset.ts";
import { contextOf } from "../../../pipeline/contract/context.ts";
import { checkInterrupt, InputError } from "../../../pipeline/contract/errors.ts";
import { trainingCounts } from "../../popularity.ts";
import { fitted } from "./fitted.ts";
import {
  checkFit,
  checkHistories,
  type Histories,
  type Method,
  type Recommender,
} from "../../recommender.ts";
import { addSeenBias, seenBiasOf } from "../../seen_bias.ts";

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
export const markov: Method<MarkovOptions> = {
  name: "Markov",
  fit: (dataset, options = {}) =>
    Promise.try(() => {
      checkFit("markov", dataset, options);
      checkKnown("fit Markov", options, { smoothing: NUMBER });
      const { smoothing = 100 } = options;
      if (!(smoothing > 0 && smoothing < Infinity)) {
        throw new InputError(`Cannot fit Markov with smoothing ${smoothing}: give a number above 0`);
      }
      checkInterrupt(contextOf(options).signal, "fitting Markov");
      return fitted(
        new Markov(transitionsOf(dataset), popularityOf(dataset), smoothing, seenBiasOf(dataset)),
        dataset,
      );
    }),
};

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

class Markov implements Recommender {
  readonly name = markov.name;
  readonly items: number;
  readonly parameters: number;
  readonly #transitions: Transitions;
  /** [items + 1]: μ p_j, and its logarithm. */
  readonly #prior: Float64Array;
  readonly #logPrior: Float64Array;
  /** [items + 1]: log (n_i + μ). */
  readonly #logLeft: Float64Array;

  constructor(
    transitions: Transitions,
    popularity: Float64Array,
    smoothing: number,
    readonly seenBias: number,
  ) {
    this.items = popularity.length - 1;
    this.parameters = transitions.next.length + this.items;
    this.#transitions = transitions;
    this.#prior = popularity.map((share) => smoothing * share);
    this.#logPrior = this.#prior.map(Math.log);
    const { offsets, counts } = transitions, left = new Float64Array(popularity.length).fill(smoothing);
    for (let item = 1; item <= this.items; item++) {
      for (let t = offsets[item]; t < offsets[item + 1]; t++) left[item] += counts[t];
    }
    this.#logLeft = left.map(Math.log);
  }

  // deno-lint-ignore require-await -- invalid input rejects the promise, as it does for a network
  async score(histories: Histories, candidates?: Uint32Array): Promise<Float32Array> {
    checkHistories(histories, candidates, this.items);
    const { items, starts, ends } = histories;
    const n = starts.length, width = candidates ? candidates.length / n : this.items + 1;
    const scores = new Float32Array(n * width);
    for (let i = 0; i < n; i++) {
      const last = ends[i] > starts[i] ? items[ends[i] - 1] : 0;
      const out = scores.subarray(i * width, (i + 1) * width);
      if (candidates) this.#scoreSome(last, candidates.subarray(i * width, (i + 1) * width), out);
      else this.#scoreAll(last, out);
    }
    return addSeenBias(scores, this.seenBias, histories, candidates, this.items);
  }

  /** Returns log P. `last` is 0 for an empty history: nothing ever followed it. */
  #logShare(last: number, item: number, transitions: number): number {
    const own = transitions === 0 ? this.#logPrior[item] : Math.log(transitions + this.#prior[item]);
    return own - this.#logLeft[last];
  }

  #scoreAll(last: number, out: Float32Array): void {
    const { offsets, next, counts } = this.#transitions;
    for (let item = 1; item < out.length; item++) out[item] = this.#logShare(last, item, 0);
    for (let t = offsets[last]; t < offsets[last + 1]; t++) {
      out[next[t]] = this.#logShare(last, next[t], counts[t]);
    }
    out[0] = -Infinity;
  }

  #scoreSome(last: number, candidates: Uint32Array, out: Float32Array): void {
    const { counts } = this.#transitions;
    for (let j = 0; j < candidates.length; j++) {
      const place = this.#find(last, candidates[j]);
      out[j] = this.#logShare(last, candidates[j], place === undefined ? 0 : counts[place]);
    }
  }

  /** Finds the place of the transition from `last` to `item`, by bisection. */
  #find(last: number, item: number): number | undefined {
    const { offsets, next } = this.#transitions;
    let low = offsets[last], high = offsets[last + 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (next[middle] < item) low = middle + 1;
      else high = middle;
    }
    return low < offsets[last + 1] && next[low] === item ? low : undefined;
  }
}
