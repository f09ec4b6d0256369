/**
 * Popularity of items in the training data.
 *
 * @module
 */
import pl from "nodejs-polars";
import type { SequenceDataset } from "../pipeline/contract/dataset.ts";
import { SPLITS } from "../pipeline/contract/stage.ts";

const COUNTS = new WeakMap<SequenceDataset, Uint32Array>();

/**
 * Counts how often each item occurs in the training part, [items + 1]; index 0, the padding, is 0. Counted once for each dataset, part by
 * part; the result is shared and must not be changed.
 */
export function trainingCounts(dataset: SequenceDataset): Uint32Array {
  const known = COUNTS.get(dataset);
  if (known) return known;
  const counts = new Uint32Array(dataset.items + 1);
  if (dataset.parts.length === 1) {
    const { items, splits } = dataset.sequences(), train = SPLITS.indexOf("train");
    for (let i = 0; i < items.length; i++) if (splits[i] === train) counts[items[i]]++;
  } else {
    for (const interactions of dataset.scanParts("interactions")) {
      const counted = interactions.filter(pl.col("split").eq(pl.lit("train"))).groupBy("item").agg(
        pl.len().alias("n"),
      )
        .collectSync();
      for (const [item, n] of counted.rows() as [number, number][]) counts[item] += Number(n);
    }
  }
  COUNTS.set(dataset, counts);
  return counts;
}

/**
 * Computes the share of items that are less popular than each item, counting those of equal popularity half: 0 … 1, and 0.5 on average.
 *
 * @param counts [items + 1]; index 0 is the padding.
 * @returns [items + 1]; index 0 is 0.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { popularityPercentiles } from "./popularity.ts";
 * assert(popularityPercentiles(Uint32Array.of(0, 7, 1, 1, 0)).join() === "0,0.875,0.5,0.5,0.125");
 * ```
 */
export function popularityPercentiles(counts: Uint32Array): Float64Array {
  const sorted = counts.slice(1).sort(), n = sorted.length;
  const byCount = new Map<number, number>();
  for (let first = 0; first < n;) {
    let next = first + 1;
    while (next < n && sorted[next] === sorted[first]) next++;
    byCount.set(sorted[first], (first + next) / 2 / n);
    first = next;
  }
  return Float64Array.from(counts, (count, item) => item && byCount.get(count)!);
}

/**
 * Computes log q, where q is an item's share of the training part, counting each item once more than it occurs.
 *
 * @param counts [items + 1]
 * @returns [items + 1]; index 0 is 0.
 */
export function logPopularity(counts: Uint32Array): Float32Array {
  const sum = counts.subarray(1).reduce((a, b) => a + b, 0) + counts.length - 1;
  return Float32Array.from(counts, (count, item) => item && Math.log((count + 1) / sum));
}

/**
 * Returns the scores for an empty history: log q, and −∞ for the padding.
 *
 * @returns [items + 1]; made once for each dataset, and must not be changed.
 */
export function popularityScores(dataset: SequenceDataset): Float32Array {
  let scores = SCORES.get(dataset);
  if (!scores) {
    scores = logPopularity(trainingCounts(dataset));
    scores[0] = -Infinity;
    SCORES.set(dataset, scores);
  }
  return scores;
}

const SCORES = new WeakMap<SequenceDataset, Float32Array>();

/**
 * Returns τ log q for items 1 … V.
 *
 * @param counts [items + 1]
 * @returns [items]; undefined if τ is 0.
 */
export const logitAdjustment = (counts: Uint32Array, tau = 0): Float32Array | undefined =>
  tau === 0 ? undefined : logPopularity(counts).subarray(1).map((value) => tau * value);
