/**
 * What a report is made of: everything that a run folder and its dataset's manifest say.
 *
 * @module
 */
import type { Manifest } from "../../pipeline/contract/dataset/manifest.ts";
import type { DatasetProfile } from "../../pipeline/inspect/facts.ts";
import { type MetricName, metricsIn, type RankingProtocol } from "./evaluation.ts";
import type { Insights } from "./insights.ts";
import type { Architecture, RunFacts, RunMetrics, SearchRecord, TrainRecord, Trial } from "./records.ts";

/** The validation metric that decides when training stops and which epoch is kept. {@link reportFacts} takes it. */
export interface Monitor {
  /** The metric, as in `NDCG@10`. */
  metric: MetricName;
  /** What the targets were ranked against. */
  protocol: RankingProtocol;
}

/**
 * What a report is made of: {@link reportFacts} gathers it, {@link reportHtml} and {@link reportText} show it. What a run did not get to is
 * empty or omitted, and so is its part of the report.
 */
export interface ReportFacts {
  /** The record of the run. */
  run: Omit<RunFacts, "format" | "version">;
  /** The manifest of the dataset. */
  manifest: Manifest;
  /** The search over its steps; empty if there was no search by gradient. */
  search: SearchRecord[];
  /** Trials of an exhaustive search. */
  trials: Trial[];
  /** How the data are distributed; none before the first report. */
  profile?: DatasetProfile;
  /** The selected length, and how sure that is. */
  architecture?: Architecture;
  /** The training by epoch. */
  train: TrainRecord[];
  /** The metric that the best epoch was chosen by. */
  monitor?: Monitor;
  /** Metrics of the model and the baselines. */
  metrics?: RunMetrics;
  /** Which users the model serves well, how sure it is, and what it recommends to a few people. */
  insights?: Insights;
  /** The files in the run folder other than the report. */
  files: string[];
}

/** The epoch whose weights were kept. */
export const bestEpoch = ({ train }: Pick<ReportFacts, "train">): TrainRecord | undefined =>
  train.findLast(({ best }) => best);

/** The metric of the learning curve; undefined if no epoch was validated. */
export function monitored(
  { train, monitor }: Pick<ReportFacts, "train" | "monitor">,
): MetricName | undefined {
  const known = train.flatMap(({ metrics }) => metricsIn(metrics));
  return train.length > 0 && known.length === 0 ? undefined : monitor?.metric ?? known[0];
}

/** The monitored metric and protocol in a run's configuration; undefined if it does not name them. */
export function monitorOf({ training: { metric, protocol } }: RunFacts["config"]): Monitor | undefined {
  return metric && protocol && { metric, protocol };
}
