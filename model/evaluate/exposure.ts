/**
 * What a method's lists contain besides the targets: how much of the catalogue, and how popular the items are.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { popularityPercentiles } from "../popularity.ts";
import type { Exposure } from "../records/evaluation.ts";
import type { Histories } from "../recommender.ts";
import { ItemSet } from "./item_set.ts";
import { estimate, groupMeans } from "./metrics.ts";
import type { Positives } from "./positives.ts";
import { adjusterFor } from "./scores.ts";
import { TopK } from "./topk.ts";

/** Collects the lists of one evaluation, one history at a time. */
export class ExposureCollector {
  readonly #popularity: Float64Array[];
  readonly #percentile: Float64Array[];
  /** The smallest index in `ks` whose list ever held the item, [items + 1]; `ks.length` for none. */
  readonly #level: Uint32Array;

  /**
   * @param ks Lengths of lists, ascending.
   * @param counts Training counts, [items + 1].
   * @param percentiles Popularity percentiles, [items + 1].
   * @param histories Number of lists to come.
   */
  constructor(
    readonly ks: readonly number[],
    readonly counts: Uint32Array,
    readonly percentiles: Float64Array,
    histories: number,
  ) {
    this.#popularity = ks.map(() => new Float64Array(histories));
    this.#percentile = ks.map(() => new Float64Array(histories));
    this.#level = new Uint32Array(counts.length).fill(ks.length);
  }

  /** Adds the list of a history: the first `length` of `items`, best first. */
  add(history: number, items: Uint32Array, length: number): void {
    const { ks, counts, percentiles } = this;
    let place = 0, popularity = 0, percentile = 0;
    for (let level = 0; level < ks.length; level++) {
      for (; place < Math.min(ks[level], length); place++) {
        const item = items[place];
        popularity += counts[item];
        percentile += percentiles[item];
        if (this.#level[item] > level) this.#level[item] = level;
      }
      this.#popularity[level][history] = place && popularity / place;
      this.#percentile[level][history] = place && percentile / place;
    }
  }

  /**
   * @param targets Item ids, [n].
   * @param groups Which of them belong to one user; see {@link groupMeans}.
   */
  result(targets: Uint32Array, groups: Uint32Array): Exposure {
    const overUsers = (values: Float64Array) => estimate(groupMeans(values, groups)).mean;
    const items = this.counts.length - 1;
    return {
      lists: this.ks.map((k, level) => ({
        k,
        coverage: this.#level.subarray(1).reduce((n, first) => n + (first <= level ? 1 : 0), 0) / items,
        averagePopularity: overUsers(this.#popularity[level]),
        popularityPercentile: overUsers(this.#percentile[level]),
      })),
      targets: {
        averagePopularity: overUsers(Float64Array.from(targets, (item) => this.counts[item])),
        popularityPercentile: overUsers(Float64Array.from(targets, (item) => this.percentiles[item])),
      },
    };
  }
}

/** What {@link ListCollector} needs to know of an evaluation. */
interface ListOptions {
  ks: readonly number[];
  /** Training counts, [items + 1]. */
  counts: Uint32Array;
  keepSeen: boolean;
  /** τ, the weight of the popularity correction. */
  tau: number;
  positives: Positives;
}

/** Makes the list of each history from the scores of all items, and collects its exposure. */
export class ListCollector {
  readonly #topK: TopK;
  readonly #itemSet: ItemSet;
  readonly #exposure: ExposureCollector;
  readonly #adjust: (scores: Float32Array) => void;

  constructor(readonly dataset: SequenceDataset, readonly options: ListOptions) {
    const { ks, counts, positives } = options;
    this.#topK = new TopK(Math.min(ks.at(-1)!, dataset.items));
    this.#itemSet = new ItemSet(dataset.items);
    this.#adjust = adjusterFor(dataset, options.tau);
    this.#exposure = new ExposureCollector(
      ks,
      counts,
      popularityPercentiles(counts),
      positives.targets.length,
    );
  }

  /**
   * @param start The first of the batch's positives.
   * @param scores Scores, [histories × (items + 1)]; they are adjusted in place.
   */
  add(start: number, scores: Float32Array, { items, starts, ends }: Histories): void {
    const { keepSeen } = this.options, width = this.dataset.items + 1;
    this.#adjust(scores);
    for (let i = 0; i < starts.length; i++) {
      this.#itemSet.clear();
      if (!keepSeen) { for (let j = starts[i]; j < ends[i]; j++) this.#itemSet.add(items[j]); }
      const row = scores.subarray(i * width, (i + 1) * width);
      this.#exposure.add(start + i, this.#topK.items, this.#topK.select(row, this.#itemSet));
    }
  }

  result(): Exposure {
    const { targets, groups } = this.options.positives;
    return this.#exposure.result(targets, groups);
  }
}
