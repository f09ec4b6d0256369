/**
 * What a report is made of: all that a run folder and its dataset's manifest say.
 *
 * @module
 */
import { objectWith, type Wanted } from "../../pipeline/contract/options/arguments.ts";
import type { Manifest } from "../../pipeline/contract/dataset/manifest.ts";
import type { DatasetProfile } from "../../pipeline/inspect/facts.ts";
import { type MetricName, metricsIn, type RankingProtocol } from "./evaluation.ts";
import type { Insights } from "./insights.ts";
import type { Architecture, RunFacts, RunMetrics, SearchRecord, TrainRecord, Trial } from "./records.ts";

/** The validation metric that decides over training. {@link reportFacts} takes it. */
export interface Monitor {
  /** As in `NDCG@10`. */
  metric: MetricName;
  /** What was ranked against. */
  protocol: RankingProtocol;
}

/**
 * What a report is made of: {@link reportFacts} gathers it, {@link reportHtml} and {@link reportText} show it. Whatever a run did not come to is empty or left out, and so is its part of the report.
 */
export interface ReportFacts {
  /** What the run says of itself. */
  run: Omit<RunFacts, "format" | "version">;
  /** Of the data. */
  manifest: Manifest;
  /** The search over its steps; empty where there was none by gradient. */
  search: SearchRecord[];
  /** Of an exhaustive search. */
  trials: Trial[];
  /** How the data are distributed; of earlier versions it is not known. */
  profile?: DatasetProfile;
  /** The selected length, and how sure that is. */
  architecture?: Architecture;
  /** The training by epoch. */
  train: TrainRecord[];
  /** By which the best epoch was chosen. */
  monitor?: Monitor;
  /** Of the model and the baselines. */
  metrics?: RunMetrics;
  /** Whom the model serves well, how sure it is, and what it recommends to a few people. */
  insights?: Insights;
  /** Of the run folder, what there is beside the report. */
  files: string[];
}

/** The epoch whose weights were kept. */
export const bestEpoch = ({ train }: Pick<ReportFacts, "train">): TrainRecord | undefined =>
  train.findLast(({ best }) => best);

/** The metric of the learning curve; undefined where no epoch was validated. */
export function monitored(
  { train, monitor }: Pick<ReportFacts, "train" | "monitor">,
): MetricName | undefined {
  const known = train.flatMap(({ metrics }) => metricsIn(metrics));
  return train.length > 0 && known.length === 0 ? undefined : monitor?.metric ?? known[0];
}

/** What decides over training, as a run's configuration has it; undefined where it says nothing. */
export function monitorOf({ metric, protocol }: RunFacts["config"]): Monitor | undefined {
  return typeof metric === "string" && typeof protocol === "string"
    ? { metric, protocol } as Monitor // they were read when the run began
    : undefined;
}

/** What a report is made of, as an argument. */
export const REPORT_FACTS: Wanted = objectWith(
  "the facts of a run, as reportFacts() gives them",
  "run",
  "manifest",
  "train",
);
