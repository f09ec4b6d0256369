/**
 * The plain data of evaluations and of their comparisons: what is shown, saved and compared.
 *
 * @module
 */

import { didYouMean, InputError } from "../../pipeline/contract/errors.ts";
import type { Protocol } from "../../pipeline/contract/dataset/protocols.ts";

/** What can be measured at a cut-off k. Together with a k it is a {@link MetricName}. */
export type Measure = "HR" | "NDCG" | "MRR";

/** All measures. */
export const MEASURES: readonly Measure[] = ["HR", "NDCG", "MRR"];

/** A measure and its cut-off: `NDCG@10`. {@link evaluate} returns means by metric name. */
export type MetricName = `${Measure}@${number}`;

/** A metric with its parts. */
export interface Metric {
  name: MetricName;
  measure: Measure;
  /** The length of the list that counts, the cut-off. */
  k: number;
}

/**
 * Parses the name of a metric; case does not matter.
 *
 * @throws {InputError} for an unknown measure, or a cut-off that is not a whole number from 1.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseMetric } from "./evaluation.ts";
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

/** What {@link evaluate} ranks targets against: negatives drawn by one of the {@link PROTOCOLS}, or `full`, all items. */
export type RankingProtocol = Protocol | "full";

/** The names of the metrics present. */
export const metricsIn = (metrics: Partial<Record<MetricName, number>>): MetricName[] =>
  Object.keys(metrics) as MetricName[];

/** The protocols that an object by protocol has entries for. */
export const protocolsIn = (given: object): RankingProtocol[] => Object.keys(given) as RankingProtocol[];

/** A mean over users and its uncertainty. Part of a {@link Figure}. */
export interface Estimate {
  /** The mean over users. */
  mean: number;
  /** s / √n, with s the sample standard deviation; omitted for a single value, which has none. */
  standardError?: number;
}

/** Statistics over the lists of the best k items of every history. Part of an {@link Exposure}. */
export interface ListExposure {
  /** Number of items in a list. */
  k: number;
  /** The share of all items that are in at least one list: 0 … 1. */
  coverage: number;
  /** Mean number of occurrences in the training part of the items in a list (ARP@k). */
  averagePopularity: number;
  /** Mean popularity percentile of the items in a list, 0 (the least popular item) … 1. */
  popularityPercentile: number;
}

/** Coverage and popularity bias: the lists compared with what users went on to choose. Means over users. Part of an {@link Evaluation}. */
export interface Exposure {
  /** The lists at each cut-off. */
  lists: ListExposure[];
  /** The same figures for the targets: lists with higher ones lean toward popular items. */
  targets: { averagePopularity: number; popularityPercentile: number };
}

/**
 * Metrics of one method on one part of a dataset, by protocol, with what must be reported along with them. {@link evaluate} returns them.
 */
export interface EvaluationFacts {
  /** Name of the method. */
  method: string;
  /** Number of the method's trained parameters. */
  parameters: number;
  /** The part whose positives were ranked. */
  split: "validation" | "test";
  /** The dataset; its seed drew the negatives. */
  dataset: { name: string; hash: string; seed: number };
  /** The seed that the method was trained with, if it is known. */
  seed?: number;
  /** Cut-offs, ascending. */
  ks: readonly number[];
  /** Whether protocol `full` ranked the items of the history too. */
  keepSeen: boolean;
  /** Number of users that have positives. */
  users: number;
  /** Number of positives that were ranked; equal to `users` with leave-one-out. */
  positives: number;
  /** τ by protocol: targets are ranked by score(j) − τ log q_j, with q_j the item's share of the training part. */
  logitAdjustment: Record<RankingProtocol, number>;
  /** Where τ comes from: chosen on validation, or given. */
  tauFrom: "validation" | "given";
  /** Means over users, for each protocol that was asked for: `metrics.recbole["HR@10"]`. */
  metrics: Record<RankingProtocol, Record<MetricName, number>>;
  /** Standard errors of the means; none for a single user. */
  standardErrors: Record<RankingProtocol, Record<MetricName, number>>;
  /** The means by unadjusted scores, for protocols whose τ is not 0. */
  unadjusted: Partial<Record<RankingProtocol, Record<MetricName, number>>>;
  /** Coverage and popularity bias, if protocol `full` was asked for. */
  exposure?: Exposure;
  /** Wall time in seconds. */
  seconds: number;
}

/** One number and everything that must be reported along with it. `figures()` of an {@link Evaluation} returns them. */
export interface Figure extends Estimate {
  /** Name of the method. */
  method: string;
  /** What the targets were ranked against: one of `PROTOCOLS`, or `full`, all items. */
  protocol: RankingProtocol;
  /** The part whose positives were ranked. */
  split: "validation" | "test";
  /** The metric, as in `NDCG@10`. */
  metric: MetricName;
  /** τ of the protocol. */
  logitAdjustment: number;
  /** Number of users that were compared or averaged over. */
  users: number;
  /** Hash of the dataset; figures on different datasets must not be compared. */
  datasetHash: string;
  /** The seed of the dataset, which drew its negatives. */
  datasetSeed: number;
  /** The seed that the method was trained with, if it is known. */
  seed?: number;
}

/** What {@link pairedTest} finds for x − y. */
export interface PairedTest {
  /** The mean of x − y. */
  difference: number;
  /** The confidence interval of the difference, not corrected for other comparisons. */
  interval: [low: number, high: number];
  /** Student's t; infinite if all differences are the same and not 0. */
  t: number;
  /** Number of users minus one. */
  degreesOfFreedom: number;
  /** Probability of a difference at least this large, in either direction, if there were none. */
  p: number;
}

/** Two methods compared over the same users by {@link compare}. */
export interface Comparison extends PairedTest {
  /** Name of the first method. */
  a: string;
  /** Name of the second method. */
  b: string;
  /** The metric, as in `NDCG@10`. */
  metric: MetricName;
  /** What the targets were ranked against: one of `PROTOCOLS`, or `full`, all items. */
  protocol: RankingProtocol;
  /** The part whose positives were ranked. */
  split: "validation" | "test";
  /** Number of users that were compared or averaged over. */
  users: number;
  /** Mean of the first method; `difference` is a − b. */
  meanA: number;
  /** Mean of the second method. */
  meanB: number;
  /** Confidence level of the interval, as in 0.95. */
  confidence: number;
  /** p after Holm's correction for all comparisons made together; p itself for a single one. */
  adjustedP: number;
  /** Whether `adjustedP` is below 1 − confidence. */
  significant: boolean;
}
