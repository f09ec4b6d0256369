/**
 * Ranking metrics, from the rank of a positive among its candidates.
 *
 * Every positive has its own candidates and is ranked alone, so one item is relevant in each ranking. With rank r (1
 * = best) and r ≤ k:
 *
 * | metric | value | beyond k |
 * | --- | --- | --- |
 * | `HR@k` (hit rate) | 1 | 0 |
 * | `NDCG@k` (normalised discounted cumulative gain) | 1 / log₂(r + 1) | 0 |
 * | `MRR@k` (reciprocal rank) | 1 / r | 0 |
 *
 * So Recall@k would be HR@k, Precision@k HR@k / k, and MAP@k MRR@k.
 *
 * A user with several positives in a part of the split (`ratio`, `global-time`) gets the mean over them, and the
 * metric is the mean over users: each user weighs the same. RecBole instead ranks all positives of such a user in one
 * list, so its figures for those splits differ; with leave-one-out they are the same.
 *
 * @module
 */
import type { Estimate, Metric } from "../records/evaluation.ts";

/** The default cut-offs. */
export const DEFAULT_KS: readonly number[] = [5, 10, 20];

/** The metric's value for a positive with this rank (1 = best). */
export function metricValue({ measure, k }: Metric, rank: number): number {
  if (rank > k) return 0;
  switch (measure) {
    case "HR":
      return 1;
    case "NDCG":
      return 1 / Math.log2(rank + 1);
    case "MRR":
      return 1 / rank;
  }
}

/** The metric's values for many ranks. A cut-off far beyond the last rank costs no more than one at it. */
export function metricValues(metric: Metric, ranks: Uint32Array): Float64Array {
  const worst = ranks.reduce((max, rank) => Math.max(max, rank), 0);
  const table = new Float64Array(Math.min(metric.k, worst) + 1);
  for (let rank = 1; rank < table.length; rank++) table[rank] = metricValue(metric, rank);
  const values = new Float64Array(ranks.length);
  for (let i = 0; i < ranks.length; i++) if (ranks[i] < table.length) values[i] = table[ranks[i]];
  return values;
}

/**
 * Computes the mean of each group of neighboring values.
 *
 * @param values Values, [n].
 * @param groups Bounds, [g + 1]: group i is `values[groups[i]]` … `values[groups[i + 1] − 1]`; none is empty.
 * @returns [g]
 */
export function groupMeans(values: Float64Array, groups: Uint32Array): Float64Array {
  const means = new Float64Array(groups.length - 1);
  for (let g = 0; g < means.length; g++) {
    let sum = 0;
    for (let i = groups[g]; i < groups[g + 1]; i++) sum += values[i];
    means[g] = sum / (groups[g + 1] - groups[g]);
  }
  return means;
}

/** Mean and standard error of [n] values, n ≥ 1. */
export function estimate(values: Float64Array): Estimate {
  const n = values.length;
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / n;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return { mean, ...(n > 1 && { standardError: Math.sqrt(squares / (n - 1) / n) }) };
}
