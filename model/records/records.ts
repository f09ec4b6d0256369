/**
 * The plain data that searching and training leave behind, as it is in a run folder.
 *
 * @module
 */
import type { MetricName } from "./evaluation.ts";
import type { CandidateSizes } from "./searched_sizes.ts";

/** The state of the search at one log point; a line of `search/history.jsonl`. A {@link Search} yields one at the end of each epoch. */
export interface SearchRecord {
  /** From 1. */
  epoch: number;
  /** Of that epoch, how much had been gone through; left out: all of it. */
  share?: number;
  /** Steps since the search began. */
  step: number;
  /** [candidates] architecture parameters, in the order of the architecture's `candidates`. */
  alpha: number[];
  /** [candidates] softmax(α). */
  probabilities: number[];
  /** Of the probabilities, in nats: 0 where one candidate has everything, ln(candidates) where all are equal. */
  entropy: number;
  /** Mean loss of the W steps since the record before. */
  trainLoss: number;
  /** Mean loss of the α steps since the record before; NaN where there was none. */
  validationLoss: number;
  /** Since the search began. */
  seconds: number;
  /** [candidates] At a few moments: what was known of each. */
  evidence?: Evidence[];
}

/**
 * What a search knows of one candidate: its validation loss beside the best candidate's, in nats where the loss is. An {@link Architecture} has one for each candidate.
 */
export interface Evidence {
  /** Mean over the last part of the search, on held-out targets. */
  loss: number;
  /** The same less that of the best candidate: 0 of the best itself. */
  difference: number;
  /** Of the difference. */
  standardError: number;
  /** Of the difference; the intervals of all candidates hold at once with a chance of 95 %. */
  interval: [low: number, high: number];
  /**
   * What of the difference would be left at the end of the search if it went on melting as it did; the difference itself where it did not. A
   * network that learns more slowly is behind at first, and need not be in the end. Undefined in runs of versions that did not look at it.
   */
  lasting?: number;
  /**
   * By how much the candidate's own loss falls in a tenth of the steps so far, as it fell over the judgements: what a head start of that length is
   * worth. Of two networks that are equally good, one may be so far ahead by the luck of its initial weights. Undefined in runs of versions that did
   * not look at it.
   */
  headStart?: number;
  /** How many batches it was judged on. */
  judgements: number;
}

/** A candidate that a search dropped before its end, because it was clearly worse. An {@link Architecture} names them. */
export interface DroppedCandidate {
  /** Its place among the candidates. */
  candidate: number;
  /** Steps of the search before. */
  step: number;
  /** What was known then. */
  evidence: Evidence;
}

/** Whether the candidate at a place was dropped. */
export const isDropped = (dropped: readonly DroppedCandidate[], place: number): boolean =>
  dropped.some(({ candidate }) => candidate === place);

/** One candidate's training in an {@link exhaustiveSearch}; a line of `search/trials.jsonl`. */
export interface Trial {
  /** The length k of the short-term module. */
  shortTermLength: number;
  /** The other sizes that were searched. */
  sizes?: CandidateSizes;
  /** The best validation metric. */
  value: number;
  /** Of the value, over users; undefined in runs of versions that did not record it. */
  standardError?: number;
  /** From 1. */
  bestEpoch: number;
  /** Trained; no whole number where the last was cut by a budget. */
  epochs: number;
  /** Of training. */
  seconds: number;
}

/** One epoch of training; a line of `train/history.jsonl`. A {@link Training} yields them. */
export interface TrainRecord {
  /** From 1. */
  epoch: number;
  /** How much of the epoch had been gone through, of one that was cut by a budget; left out: all of it. */
  share?: number;
  /** Steps since the training began. */
  step: number;
  /** Mean training loss of the epoch, or of that share of it. */
  loss: number;
  /** On validation; the protocol is in the run's configuration. Empty where the epoch was not validated. */
  metrics: Record<MetricName, number>;
  /** Of the metrics, over users; undefined in runs of versions that did not record them. */
  standardErrors?: Record<MetricName, number>;
  /** Whether this epoch is the best so far. */
  best: boolean;
  /** Since the training began. */
  seconds: number;
  /** Training targets a second. */
  examplesPerSecond: number;
  /** Learning rate that the schedule had come to; undefined in runs of versions that did not record it. */
  rate?: number;
}

/** What a search found, or was given; `architecture.json`. `select()` of a {@link Search} returns it. */
export interface Architecture {
  /** The selected length k of the short-term module. */
  shortTermLength: number;
  /** Where more than the length was searched: the other sizes of the network that was selected. */
  selectedSizes?: CandidateSizes;
  /** [candidates] Lengths that were searched, ascending; of networks that differ in more, those of the cheapest first. */
  candidates: number[];
  /** [candidates] Where more than the length was searched: the candidates' other sizes. */
  sizes?: CandidateSizes[];
  /** [candidates] α at the end; empty where nothing was searched by gradient. */
  alpha: number[];
  /** [candidates] softmax(α); empty like `alpha`. */
  probabilities: number[];
  /** Of the probabilities, in nats. */
  entropy: number;
  /** How far the best probability is above the second. */
  margin: number;
  /**
   * Whether what was selected is better than every other by more than two standard errors, and by so much that lasts that another seed would find
   * it too. In an exhaustive search the errors are taken as if the users were not the same: it is said rather too seldom.
   */
  clear: boolean;
  /** By which the length was selected. */
  rule: "argmax" | "shortest-within-error" | "shortest-within-margin";
  /** How it was searched: by gradient on losses or on outputs, by trials, or not at all. */
  method: "darts-losses" | "darts-first-order" | "darts-second-order" | "exhaustive" | "given";
  /** [candidates] What is known of each, by losses on held-out targets; left out where it was too little. */
  evidence?: Evidence[];
  /** With `evidence`: differences up to this do not matter. */
  practicalDifference?: number;
  /**
   * With `evidence`, where lengths alone were searched: the lengths that are alike to the best, and the best itself.
   * Alike is what is behind it by one standard error at most, or by no more than matters.
   */
  alike?: number[];
  /** Candidates that were dropped before the end. */
  dropped?: DroppedCandidate[];
  /**
   * Why the search ended before its last epoch: there was only one candidate, one was left, the answer could no longer
   * change, or the shortest one left was alike to the best again and again (see `alike`).
   */
  ended?: "only one" | "one left" | "same answer" | "alike";
}

/** Means over users, by part of the split, protocol and metric: `metrics.test.recbole["HR@10"]`. Part of {@link RunMetrics}. */
export interface Metrics {
  /** By part of the split, then by protocol, then by metric. */
  [split: string]: { [protocol: string]: Record<string, number> };
}

/** Something of the run's own method and of the others, by name. Part of {@link RunMetrics}. */
export interface OfMethods<T> {
  /** Of the run's own method. */
  model: T;
  /** By method: `Popularity`. */
  baselines: Record<string, T>;
}

/**
 * All results of a run. `metrics.json` holds the same, with the parts of `model` (`test`, `validation`) at its top level. A {@link RunFolder} reads them.
 */
export interface RunMetrics {
  /** On which data; figures of different hashes must not be compared. */
  dataset: { hash: string; name: string };
  /** Of the training. */
  seed: number;
  /** What the run's own method is called. Default: AutoMLP. */
  method?: string;
  /** Of the run's own method. */
  model: Metrics;
  /** By method: `Popularity`. */
  baselines: Record<string, Metrics>;
  /** Of the means, in the same shape. */
  standardErrors?: OfMethods<Metrics>;
  /** τ by protocol, chosen on validation: `logitAdjustment.baselines.Markov.recbole`. Left out: 0. */
  logitAdjustment?: OfMethods<Record<string, number>>;
  /** The metrics by the scores as they are, of protocols whose τ is not 0. */
  unadjusted?: OfMethods<Metrics>;
  /**
   * Whether the run's own method differs from the others by more than chance, on test: p by protocol, metric and method, as in
   * `tests.full["NDCG@10"].Popularity`. Paired two-sided t-tests over users; for each protocol and metric p is corrected by Holm's method for the others
   * together. Earlier versions tested one metric.
   */
  tests?: Record<string, Record<string, Record<string, number>>>;
  /** By the name of a method that was trained, the SHA-256 of the weights that these figures are of. Earlier versions did not record it. */
  weights?: Record<string, string>;
}

/** Losses of one step of a {@link Search}. */
export interface SearchStep {
  /** Of the step of the weights. */
  trainLoss: number;
  /** Of the α step; undefined where there was none. */
  validationLoss?: number;
}

/** What a run was computed on, by its {@link RunFacts}. */
export interface RunEngine {
  /** As in `--engine`. */
  name: string;
  /** The processor or accelerator. */
  device: string;
  /** Of the engine's library. */
  version: string;
}

/** The numbers that all of a run's random draws follow from. Part of {@link RunFacts}. */
export interface RunSeeds {
  /** Of the dataset: of its negatives. */
  dataset: number;
  /** Of first weights, order, dropout and the targets that α learns on; left out where nothing was searched. */
  search?: number;
  /** Of first weights, order and dropout. */
  training: number;
  /** Of the negatives that are ranked against, which are the dataset's. */
  evaluation: number;
}

/** What a run says of itself; `run.json`. A {@link RunFolder} reads it. */
export interface RunFacts {
  /** The kind of folder. */
  format: "automlp-run";
  /** Of the format. */
  version: number;
  /** `running` in a folder where nothing runs: the run was killed, and can be resumed. */
  status: "running" | "interrupted" | "failed" | "done";
  /** What began it, as it was typed, but for secrets in addresses. */
  command: string;
  /**
   * All commands that worked on it, in their order, when each began (ISO 8601, UTC), and which commit was checked out where it was called, and in the clone
   * that automlp ran from (`program`): left out where that is no git checkout, or could not be read. A budget, in seconds, is of the command that was given it, and of no later one. Of earlier versions none is
   * known.
   */
  sessions?: { command: string; began: string; commit?: string; program?: string; budget?: number }[];
  /** Where the last of them ran. */
  machine?: { system: string; cores: number; memoryBytes?: number };
  /** Resolved: with all defaults. What a single command was given, as a budget, is in `sessions`. */
  config: Record<string, unknown>;
  /** Of the training. */
  seed: number;
  /** Those of the data beside it, each named by what draws by it. Earlier versions did not record them. */
  seeds?: RunSeeds;
  /** Of this program and of what it computes with, by name. */
  versions: Record<string, string>;
  /** What was trained: as in `--method`, and as in tables; left out: AutoMLP. */
  method?: { name: string; title: string };
  /** The engine that was used last. */
  backend: RunEngine;
  /** All that the run was computed on, in their order. Of earlier versions only the last is known. */
  backends?: RunEngine[];
  /** Trained numbers of the retrained network; undefined before there is one. */
  parameters?: number;
  /** What it was trained on, and where that lies; `beside`: the same from the run's folder, where it is not in that. */
  dataset: { hash: string; name: string; folder: string; beside?: string };
  /** Wall time of each phase so far, in seconds, in the order they ran: `{ prepare, search, retrain, evaluate }`. */
  times: Record<string, number>;
  /** What it was at when it wrote this; left out between phases and of a run that is done. Of earlier versions it is not known. */
  phase?: "search" | "retrain" | "evaluate";
  /**
   * The largest resident set of the process in each phase, in bytes: exact where the phase took more than all before it in that process, otherwise the largest
   * of samples. Earlier versions did not record it.
   */
  peakMemory?: Record<string, number>;
  /** The largest resident set of its processes. */
  peakMemoryBytes: number;
  /** Remarks that a reader of the results should know. */
  warnings: string[];
}

/**
 * What of a dataset a {@link refit} has learnt: all of it, or all but the test part. Any other model learns from the training part.
 */
export type TrainOn = "all" | "all-but-test";

/** What weights belong to; `model/config.json`. A {@link RunFolder} reads it. */
export interface ModelConfig {
  /** The kind of file. */
  format: "automlp-model";
  /** Of the format. */
  version: number;
  /** What the model was trained on: its items are those of this data. */
  dataset: { hash: string; name: string };
  /** What of the data it has learnt, of what is held out by default. Left out: the training part alone. */
  trainedOn?: TrainOn;
  /** Of the training. */
  seed: number;
  /** The method's name. */
  method: string;
  /** The method's configuration, of which this much is known of any; the method checks the rest. */
  config: { method: string; dropout: number; ensemble?: number };
}
