/**
 * The plain data of an evaluation: what is shown, saved and compared.
 *
 * @module
 */
import type { Exposure } from "./exposure.ts";
import type { Estimate, MetricName } from "./metrics.ts";

/** Metrics of one method on one part of a dataset, by protocol, and what they must not be told without. */
export interface EvaluationFacts {
  method: string;
  /** Trained numbers of the method. */
  parameters: number;
  split: "validation" | "test";
  /** Which dataset; its seed drew the negatives. */
  dataset: { name: string; hash: string; seed: number };
  /** The seed that the method was trained with, where it was told. */
  seed?: number;
  /** Cut-offs, ascending. */
  ks: readonly number[];
  /** Whether protocol `full` ranked the items of the history too. */
  keepSeen: boolean;
  /** Users that have positives. */
  users: number;
  /** Positives that were ranked; as many as users, with leave-one-out. */
  positives: number;
  /** Means over users: `metrics.recbole["HR@10"]`. */
  metrics: Record<string, Record<MetricName, number>>;
  /** Their standard errors. */
  standardErrors: Record<string, Record<MetricName, number>>;
  /** Coverage and popularity bias, where protocol `full` was asked for. */
  exposure?: Exposure;
  /** Wall time. */
  seconds: number;
}

/** One number and everything that it must not be told without. */
export interface Figure extends Estimate {
  method: string;
  protocol: string;
  split: "validation" | "test";
  metric: MetricName;
  users: number;
  datasetHash: string;
  /** The seed of the dataset, which drew its negatives. */
  datasetSeed: number;
  /** The seed that the method was trained with, where it was told. */
  seed?: number;
}
