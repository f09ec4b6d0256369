/**
 * The plain data of evaluations and of their comparisons: what is shown, saved and compared.
 *
 * @module
 */

import type { Protocol } from "../../pipeline/contract/dataset/protocols.ts";

/** What can be measured at a cut-off k. With a k it is a {@link MetricName}. */
export type Measure = "HR" | "NDCG" | "MRR" | "Recall" | "Precision" | "MAP";

/** All measures. */
export const MEASURES: readonly Measure[] = ["HR", "NDCG", "MRR", "Recall", "Precision", "MAP"];

/** A measure and its cut-off: `NDCG@10`. {@link evaluate} returns means by these. */
export type MetricName = `${Measure}@${number}`;

/** What targets are ranked against: negatives that were drawn as one of the {@link PROTOCOLS}, or `full`, all items. What {@link evaluate} ranks by. */
export type RankingProtocol = Protocol | "full";

/** The names of metrics that there are. */
export const metricsIn = (metrics: Partial<Record<MetricName, number>>): MetricName[] =>
  Object.keys(metrics) as MetricName[];

/** The protocols of which there is something, by protocol. */
export const protocolsIn = (given: object): RankingProtocol[] => Object.keys(given) as RankingProtocol[];

/** A mean over users and how far it may be off. Part of a {@link Figure}. */
export interface Estimate {
  /** Over users. */
  mean: number;
  /** s / √n, with s the sample standard deviation; left out for a single value, which says nothing of it. */
  standardError?: number;
}

/** The best k items of every history, as a whole. Part of an {@link Exposure}. */
export interface ListExposure {
  /** Items in a list. */
  k: number;
  /** The share of all items that are in at least one list: 0 … 1. */
  coverage: number;
  /** How often an item of a list occurs in the training part, on average (ARP@k). */
  averagePopularity: number;
  /** Its popularity percentile, 0 (the least popular item) … 1, on average. */
  popularityPercentile: number;
}

/** Coverage and popularity bias: the lists beside what users went on to choose. Means over users. Part of an {@link Evaluation}. */
export interface Exposure {
  /** At each cut-off. */
  lists: ListExposure[];
  /** The same of the targets: lists above them lean to popular items. */
  targets: { averagePopularity: number; popularityPercentile: number };
}

/**
 * Metrics of one method on one part of a dataset, by protocol, and what they must not be reported without. {@link evaluate} returns them.
 */
export interface EvaluationFacts {
  /** What the method is called. */
  method: string;
  /** Trained numbers of the method. */
  parameters: number;
  /** The part whose positives were ranked. */
  split: "validation" | "test";
  /** Which dataset; its seed drew the negatives. */
  dataset: { name: string; hash: string; seed: number };
  /** The seed that the method was trained with, if it is known. */
  seed?: number;
  /** Cut-offs, ascending. */
  ks: readonly number[];
  /** Whether protocol `full` ranked the items of the history too. */
  keepSeen: boolean;
  /** Users that have positives. */
  users: number;
  /** Positives that were ranked; as many as users, with leave-one-out. */
  positives: number;
  /** τ by protocol: targets are ranked by score(j) − τ log q_j, with q_j the item's share of the training part. */
  logitAdjustment: Record<RankingProtocol, number>;
  /** Where τ is from: chosen on validation, or given. */
  tauFrom: "validation" | "given";
  /** Means over users, by the protocols that were asked for: `metrics.recbole["HR@10"]`. */
  metrics: Record<RankingProtocol, Record<MetricName, number>>;
  /** Their standard errors; none of a single user, who says nothing of them. */
  standardErrors: Record<RankingProtocol, Record<MetricName, number>>;
  /** The means by the scores as they are, where τ is not 0. */
  unadjusted: Partial<Record<RankingProtocol, Record<MetricName, number>>>;
  /** Coverage and popularity bias, where protocol `full` was asked for. */
  exposure?: Exposure;
  /** Wall time. */
  seconds: number;
}

/** One number and everything that it must not be reported without. `figures()` of an {@link Evaluation} returns them. */
export interface Figure extends Estimate {
  /** What the method is called. */
  method: string;
  /** What was ranked against; see `PROTOCOLS`, or `full`: all items. */
  protocol: RankingProtocol;
  /** The part whose positives were ranked. */
  split: "validation" | "test";
  /** As in `NDCG@10`. */
  metric: MetricName;
  /** τ of the protocol. */
  logitAdjustment: number;
  /** Users that were compared or averaged over. */
  users: number;
  /** Which dataset; figures of different ones must not be compared. */
  datasetHash: string;
  /** The seed of the dataset, which drew its negatives. */
  datasetSeed: number;
  /** The seed that the method was trained with, if it is known. */
  seed?: number;
}

/** What {@link pairedTest} says of x − y. */
export interface PairedTest {
  /** The mean of x − y. */
  difference: number;
  /** The confidence interval of the difference, by itself: it is not corrected for other comparisons. */
  interval: [low: number, high: number];
  /** Student's t; infinite where all differences are the same and not 0. */
  t: number;
  /** Users less one. */
  degreesOfFreedom: number;
  /** How likely a difference of this size or a larger one, either way, would be by chance if there were none. */
  p: number;
}

/** Two methods, compared over the same users by {@link compare}. */
export interface Comparison extends PairedTest {
  /** The methods' names. */
  a: string;
  /** See `a`. */
  b: string;
  /** As in `NDCG@10`. */
  metric: MetricName;
  /** What was ranked against; see `PROTOCOLS`, or `full`: all items. */
  protocol: RankingProtocol;
  /** The part whose positives were ranked. */
  split: "validation" | "test";
  /** Users that were compared or averaged over. */
  users: number;
  /** The methods' means; `difference` is a − b. */
  meanA: number;
  /** See `meanA`. */
  meanB: number;
  /** Of the interval, as in 0.95. */
  confidence: number;
  /** p after Holm's correction for the comparisons that were made together; p itself for a single one. */
  adjustedP: number;
  /** Whether `adjustedP` is below 1 − confidence. */
  significant: boolean;
}
