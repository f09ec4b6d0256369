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
import { didYouMean, InputError } from "../../pipeline/contract/errors.ts";
import { type Estimate, type Measure, MEASURES, type MetricName } from "../records/evaluation.ts";

/** A metric with its parts. */
export interface Metric {
  name: MetricName;
  measure: Measure;
  /** The length of the list that counts, the cut-off. */
  k: number;
}

/** The default cut-offs. */
export const DEFAULT_KS: readonly number[] = [5, 10, 20];

/**
 * Parses the name of a metric; case does not matter.
 *
 * @throws {InputError} for an unknown measure, or a cut-off that is not a whole number from 1.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseMetric } from "./metrics.ts";
 * assert(parseMetric("ndcg@10").name === "NDCG@10");
 * ```
 */
export function parseMetric(text: string): Metric {
  const [, word, cutoff] = /^\s*([^@\s]*)\s*(?:@\s*(.*?))?\s*$/.exec(text)!;
  const measure = MEASURES.find((known) => known.toLowerCase() === word.toLowerCase());
  if (measure === undefined) {
    throw new InputError(
      `Cannot read the metric "${text}": the measures are ${MEASURES.join(", ")}${
        didYouMean(word, MEASURES)
      }, as in NDCG@10`,
    );
  }
  if (!/^[1-9]\d*$/.test(cutoff ?? "") || !Number.isSafeInteger(Number(cutoff))) {
    throw new InputError(
      `Cannot read the metric "${text}": after @ comes the length of the list, a whole number from 1, as in ${measure}@10`,
    );
  }
  return metricAt(measure, Number(cutoff));
}

/** All measures at all cut-offs, ordered by measure, then cut-off. */
export function metricsAt(ks: readonly number[]): Metric[] {
  return MEASURES.flatMap((measure) => ks.map((k) => metricAt(measure, k)));
}

const metricAt = (measure: Measure, k: number): Metric => ({ name: `${measure}@${k}`, measure, k });

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
