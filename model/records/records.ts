/**
 * The plain data that searching and training leave in a run folder.
 *
 * @module
 */
import type { MetricName } from "./evaluation.ts";

/** The state of a search at one log point; a line of `search/history.jsonl`. A {@link Search} yields one at the end of each epoch. */
export interface SearchRecord {
  /** From 1. */
  epoch: number;
  /** Share of that epoch that was done; omitted if the epoch was completed. */
  share?: number;
  /** Steps since the search began. */
  step: number;
  /** [candidates] Architecture parameters, in the order of the architecture's `candidates`. */
  alpha: number[];
  /** [candidates] softmax(α). */
  probabilities: number[];
  /** Entropy of the probabilities in nats: 0 if one candidate has all the weight, ln(candidates) if all are equal. */
  entropy: number;
  /** Mean loss of the W steps since the previous record. */
  trainLoss: number;
  /** Mean loss of the α steps since the previous record; NaN if there were none. */
  validationLoss: number;
  /** Seconds since the search began. */
  seconds: number;
  /** [candidates] What was known of each candidate; recorded only at a few moments. */
  evidence?: Evidence[];
}

/**
 * What a search knows of one candidate: its validation loss compared with the best candidate's, in nats if the loss is in nats. An
 * {@link Architecture} has one for each candidate.
 */
export interface Evidence {
  /** Mean loss on held-out targets over the last part of the search. */
  loss: number;
  /** Difference from the best candidate's loss; 0 for the best itself. */
  difference: number;
  /** Standard error of the difference. */
  standardError: number;
  /** Confidence interval of the difference; the intervals of all candidates hold simultaneously with a probability of 95 %. */
  interval: [low: number, high: number];
  /**
   * How much of the difference would be left at the end of the search if it kept shrinking as it did so far; the difference itself if it
   * did not shrink. A network that learns more slowly is behind at first, but not necessarily in the end. Undefined in runs of earlier
   * versions.
   */
  lasting?: number;
  /**
   * How far the candidate's own loss falls in a tenth of the steps so far, at the rate at which it fell over the judgements: what a head
   * start of that length is worth. Of two equally good networks, one may be this far ahead because its initial weights were lucky.
   * Undefined in runs of earlier versions.
   */
  headStart?: number;
  /** Number of batches it was judged on. */
  judgements: number;
}

/** A candidate that a search dropped early because it was clearly worse. An {@link Architecture} lists them. */
export interface DroppedCandidate {
  /** Index of the candidate among all candidates. */
  candidate: number;
  /** Number of search steps before it was dropped. */
  step: number;
  /** What was known of the candidate when it was dropped. */
  evidence: Evidence;
}

/** Whether the candidate at an index was dropped. */
export const isDropped = (dropped: readonly DroppedCandidate[], place: number): boolean =>
  dropped.some(({ candidate }) => candidate === place);

/** One candidate's training in an {@link exhaustiveSearch}; a line of `search/trials.jsonl`. */
export interface Trial {
  /** The length k of the short-term module. */
  shortTermLength: number;
  /** The best validation metric. */
  value: number;
  /** Standard error of the value over users; undefined in runs of earlier versions. */
  standardError?: number;
  /** From 1. */
  bestEpoch: number;
  /** Number of epochs trained; fractional if a budget ended the last one early. */
  epochs: number;
  /** Seconds of training. */
  seconds: number;
}

/** One epoch of training; a line of `train/history.jsonl`. A {@link Training} yields them. */
export interface TrainRecord {
  /** From 1. */
  epoch: number;
  /** Share of the epoch that was done, if a budget ended it early; omitted if it was completed. */
  share?: number;
  /** Steps since the training began. */
  step: number;
  /** Mean training loss of the epoch, or of that share of it. */
  loss: number;
  /** Validation metrics, by the protocol in the run's configuration; empty if the epoch was not validated. */
  metrics: Record<MetricName, number>;
  /** Standard errors of the metrics over users; undefined in runs of earlier versions. */
  standardErrors?: Record<MetricName, number>;
  /** Number of users that the metrics are of, if they were drawn; undefined: all. */
  validationUsers?: number;
  /** Whether this epoch is the best so far. */
  best: boolean;
  /** Seconds since the training began. */
  seconds: number;
  /** Training targets per second. */
  examplesPerSecond: number;
  /** Learning rate that the schedule had reached; undefined in runs of earlier versions. */
  rate?: number;
}

/** What a search found, or was given; `architecture.json`. `select()` of a {@link Search} returns it. */
export interface Architecture {
  /** The selected length k of the short-term module. */
  shortTermLength: number;
  /** [candidates] Lengths that were searched, ascending. */
  candidates: number[];
  /** [candidates] α at the end; empty if nothing was searched by gradient. */
  alpha: number[];
  /** [candidates] softmax(α); empty like `alpha`. */
  probabilities: number[];
  /** Entropy of the probabilities in nats. */
  entropy: number;
  /** Difference between the best and the second-best probability. */
  margin: number;
  /**
   * Whether the selected candidate is better than every other by more than two standard errors, and by a lasting difference so large that
   * another seed would find it too. In an exhaustive search, the standard errors are computed as if the users were not the same, so this is
   * true too rarely rather than too often.
   */
  clear: boolean;
  /** The rule by which the length was selected. */
  rule: "argmax" | "shortest-within-error" | "shortest-within-margin";
  /** How the length was searched: by gradient on losses or on outputs, by trials, or not at all. */
  method: "darts-losses" | "darts-first-order" | "darts-second-order" | "exhaustive" | "given";
  /** [candidates] What the losses on held-out targets say of each candidate; omitted if there were too few. */
  evidence?: Evidence[];
  /** With `evidence`: the difference up to which candidates count as equal. */
  practicalDifference?: number;
  /**
   * With `evidence`, if only lengths were searched: the best length and those equivalent to it. A length is equivalent if it is behind the
   * best by at most one standard error, or by at most `practicalDifference`.
   */
  alike?: number[];
  /** Candidates that were dropped before the end of the search. */
  dropped?: DroppedCandidate[];
  /**
   * Why the search ended before its last epoch: there was only one candidate, only one was left, the answer could no longer
   * change, or the shortest one left was repeatedly equivalent to the best (see `alike`).
   */
  ended?: "only one" | "one left" | "same answer" | "alike";
}

/** Means over users, by part of the split, protocol and metric: `metrics.test.recbole["HR@10"]`. Part of {@link RunMetrics}. */
export interface Metrics {
  /** By part of the split, then by protocol, then by metric. */
  [split: string]: { [protocol: string]: Record<string, number> };
}

/** A value for the run's own method and one for each of the others, by name. Part of {@link RunMetrics}. */
export interface OfMethods<T> {
  /** For the run's own method. */
  model: T;
  /** For the other methods, by name: `Popularity`. */
  baselines: Record<string, T>;
}

/**
 * All results of a run. `metrics.json` holds the same, with the parts of `model` (`test`, `validation`) at its top level. A {@link RunFolder} reads them.
 */
export interface RunMetrics {
  /** The dataset; figures on datasets with different hashes must not be compared. */
  dataset: { hash: string; name: string };
  /** Seed of the training. */
  seed: number;
  /** Name of the run's own method. Default: AutoMLP. */
  method?: string;
  /** For the run's own method. */
  model: Metrics;
  /** For the other methods, by name: `Popularity`. */
  baselines: Record<string, Metrics>;
  /** Standard errors of the means, in the same shape. */
  standardErrors?: OfMethods<Metrics>;
  /** τ by protocol, chosen on validation: `logitAdjustment.baselines.Markov.recbole`. Omitted: 0. */
  logitAdjustment?: OfMethods<Record<string, number>>;
  /** The metrics by unadjusted scores, for protocols whose τ is not 0. */
  unadjusted?: OfMethods<Metrics>;
  /**
   * Whether the run's own method differs from the others by more than chance on test: p by protocol, metric and method, as in
   * `tests.full["NDCG@10"].Popularity`. Paired two-sided t-tests over users; for each protocol and metric, p is corrected by Holm's method
   * for all the other methods together. Earlier versions tested one metric.
   */
  tests?: Record<string, Record<string, Record<string, number>>>;
  /** SHA-256 of the weights that these figures belong to, by the name of each trained method. Earlier versions did not record it. */
  weights?: Record<string, string>;
}

/** Losses of one step of a {@link Search}. */
export interface SearchStep {
  /** Loss of the weight step. */
  trainLoss: number;
  /** Loss of the α step; undefined if there was none. */
  validationLoss?: number;
}

/** What a run was computed on, according to its {@link RunFacts}. */
export interface RunEngine {
  /** Name of the engine, as in `--engine`. */
  name: string;
  /** The processor or accelerator. */
  device: string;
  /** Version of the engine's library. */
  version: string;
}

/** The seeds that determine all of a run's random draws. Part of {@link RunFacts}. */
export interface RunSeeds {
  /** Seed of the dataset, which draws its negatives. */
  dataset: number;
  /** Seed of initial weights, order, dropout and the targets that α learns from; omitted if nothing was searched. */
  search?: number;
  /** Seed of initial weights, order and dropout. */
  training: number;
  /** Seed of the negatives that targets are ranked against, which are the dataset's. */
  evaluation: number;
}

/** The record of a run; `run.json`. A {@link RunFolder} reads it. */
export interface RunFacts {
  /** The kind of folder. */
  format: "automlp-run";
  /** Version of the format. */
  version: number;
  /** State of the run. If it is `running` but no process works in the folder, the run was killed, and can be resumed. */
  status: "running" | "interrupted" | "failed" | "done";
  /** The command that began the run, as it was typed, without secrets in addresses. */
  command: string;
  /**
   * All commands that worked on the run, in order: when each began (ISO 8601, UTC), and which commit was checked out where it was called
   * (`commit`) and in the clone that automlp ran from (`program`), each omitted if that is not a git checkout or could not be read. A
   * budget, in seconds, applies only to the command that was given it. Earlier versions did not record any of this.
   */
  sessions?: { command: string; began: string; commit?: string; program?: string; budget?: number }[];
  /** The machine that the last of these commands ran on. */
  machine?: { system: string; cores: number; memoryBytes?: number };
  /** The resolved configuration, with all defaults. What was given to a single command only, such as a budget, is in `sessions`. */
  config: Record<string, unknown>;
  /** Seed of the training. */
  seed: number;
  /** All seeds, those of the data included, each named by what it draws. Earlier versions did not record them. */
  seeds?: RunSeeds;
  /** Versions of this program and of what it computes with, by name. */
  versions: Record<string, string>;
  /** The method that was trained: its name as in `--method`, and its title as in tables. Omitted: AutoMLP. */
  method?: { name: string; title: string };
  /** The engine that was used last. */
  backend: RunEngine;
  /** All engines that the run was computed on, in order. Earlier versions recorded only the last. */
  backends?: RunEngine[];
  /** Number of trained parameters of the retrained network; undefined before there is one. */
  parameters?: number;
  /** The dataset that it was trained on, and its folder; `beside` is the same folder relative to the run's, if it is not inside that. */
  dataset: { hash: string; name: string; folder: string; beside?: string };
  /** Wall time of each phase so far, in seconds, in the order they ran: `{ prepare, search, retrain, evaluate }`. */
  times: Record<string, number>;
  /**
   * The phase that was under way when this was written; omitted between phases and once the run is done. Earlier versions did not record
   * it.
   */
  phase?: "search" | "retrain" | "evaluate";
  /**
   * Largest resident set of the process in each phase, in bytes: exact if the phase took more than all phases before it in that process,
   * otherwise the largest of the samples taken. Earlier versions did not record it.
   */
  peakMemory?: Record<string, number>;
  /** Largest resident set of the run's processes. */
  peakMemoryBytes: number;
  /** Remarks that a reader of the results should know. */
  warnings: string[];
}

/**
 * The parts of a dataset that a {@link refit} learns from: all, or all but the test part. Any other model learns from the training part.
 */
export type TrainOn = "all" | "all-but-test";

/** What a model's weights belong to; `model/config.json`. A {@link RunFolder} reads it. */
export interface ModelConfig {
  /** The kind of file. */
  format: "automlp-model";
  /** Version of the format. */
  version: number;
  /** The dataset that the model was trained on, whose items are the model's. */
  dataset: { hash: string; name: string };
  /** What the model has learnt beyond the training part, of what is held out by default. Omitted: the training part alone. */
  trainedOn?: TrainOn;
  /** Seed of the training. */
  seed: number;
  /** The method's name. */
  method: string;
  /** Whether it was trained to rank and recommend items of the history too. Omitted: it was not. */
  keepSeen?: boolean;
  /** The method's configuration: the members that every method has; the method checks the rest. */
  config: { method: string; dropout: number; ensemble?: number };
}
