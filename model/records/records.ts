/**
 * The plain data that searching and training leave in a run folder.
 *
 * @module
 */
import type { Same } from "../../pipeline/contract/options/describes.ts";
import type { EpochPlace } from "./epochs.ts";
import type { MetricName, RankingProtocol } from "./evaluation.ts";

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
  /** Standard error of the difference, paired over the users of the held-out targets. */
  standardError: number;
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
  /** Standard error of the value over users; undefined for a single user. */
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
  /** Standard errors of the metrics over users; undefined for a single user. */
  standardErrors?: Record<MetricName, number>;
  /** Number of users that the metrics are of, if they were drawn; undefined: all. */
  validationUsers?: number;
  /** Whether this epoch is the best so far. */
  best: boolean;
  /** Seconds since the training began. */
  seconds: number;
  /** Training targets per second. */
  examplesPerSecond: number;
  /** Learning rate that the schedule had reached. */
  rate: number;
}

/**
 * How a {@link Search} searches.
 *
 * - `shared`: the candidates' own networks share weights and learn side by side, each by its own loss, so that each
 *   learns to stand alone; their losses on held-out data are compared. One-shot search shares weights in the same way,
 *   but only one path learns in a step (Bender et al., ICML 2018; Guo et al., ECCV 2020).
 * - `darts`: as in the paper. The modules' outputs are mixed by softmax(α) within one network, and the largest α
 *   decides. One module can make up for another, so α says less about what each is worth by itself.
 * - `darts2`: the same by the second order: α learns through one training step of the weights.
 *
 * @example
 * ```ts
 * import { planOf, SEARCHES } from "automlp";
 *
 * const methods = SEARCHES.map((search) => ({ method: "automlp" as const, label: search, search }));
 * console.log(planOf({ name: "searches", methods, seeds: [1], common: { epochs: 5 } }));
 * ```
 */
export const SEARCHES = ["shared", "darts", "darts2"] as const;
/** How a {@link Search} searches: one of the {@link SEARCHES}. */
export type SearchMethod = "shared" | "darts" | "darts2";
true satisfies Same<SearchMethod, (typeof SEARCHES)[number]>;

/** Whether all candidates are searched side by side, not in one training each, or not at all. */
export const isSideBySide = (search: string): search is SearchMethod =>
  (SEARCHES as readonly string[]).includes(search);

/** What a search found, or was given; `architecture.json`. `select()` of a {@link Search} returns it. */
export interface Architecture {
  /** The selected length k of the short-term module. */
  shortTermLength: number;
  /** [candidates] Lengths that were searched, ascending. */
  lengths: number[];
  /** [candidates] α at the end; empty if nothing was searched by gradient. */
  alpha: number[];
  /** [candidates] softmax(α); empty like `alpha`. */
  probabilities: number[];
  /** Entropy of the probabilities in nats. */
  entropy: number;
  /** Difference between the best and the second-best probability. */
  margin: number;
  /**
   * Whether the selected candidate is better than every other by more than three standard errors over the held-out users, and by more than
   * `practicalDifference`; another seed may differ. In an exhaustive search, by more than two standard errors, which are computed without pairing users, so this is
   * true too rarely rather than too often.
   */
  clear: boolean;
  /** The rule by which the length was selected. */
  rule: "argmax" | "shortest-within-error";
  /** How the length was searched. */
  method: SearchMethod | "exhaustive" | "given";
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
   * Why the search ended before its last epoch: there was only one candidate, or only one was left.
   */
  ended?: "only one" | "one left";
}

/** Means over users, by part of the split, protocol and metric: `metrics.test.recbole["HR@10"]`. Part of {@link RunMetrics}. */
export interface Metrics {
  /** By part of the split, then by protocol, then by metric. */
  [split: string]: { [protocol: string]: Record<string, number> };
}

/** τ by protocol, for each method by its title. */
export type Adjustments = Record<string, Record<string, number>>;

/** The figures of one method in {@link RunMetrics}. */
export interface MethodFigures {
  /** Means over users. */
  metrics: Metrics;
  /** Standard errors of the means; none for a single user. */
  standardErrors: Metrics;
  /** τ by protocol, chosen on validation. */
  logitAdjustment: Record<string, number>;
  /** The metrics by unadjusted scores, for protocols whose τ is not 0. */
  unadjusted: Metrics;
  /** SHA-256 of the weights that these figures belong to, for a method that is trained into a run folder. */
  weights?: string;
}

/** All results of a run; `metrics.json`. A {@link RunFolder} reads them. */
export interface RunMetrics {
  /** The dataset; figures on datasets with different hashes must not be compared. */
  dataset: { hash: string; name: string };
  /** Seed of the training. */
  seed: number;
  /** Title of the run's own method. */
  method: string;
  /** The figures of all methods, by title: `methods.SASRec.metrics.test.full["NDCG@10"]`. */
  methods: Record<string, MethodFigures>;
  /**
   * Whether the run's own method differs from the others by more than chance on test: p by protocol, metric and method, as in
   * `tests.full["NDCG@10"].Popularity`. Paired two-sided t-tests over users; for each protocol and metric, p is corrected by Holm's method
   * for all the other methods together.
   */
  tests?: Record<string, Record<string, Record<string, number>>>;
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

/** Work that a budget can end, by the titles of its phases. */
export type CutWork = "search" | "training";

/** A {@link RunWarning} that a budget ended work: how far it was, in epochs or in trainings of candidates that were ended, and what comes next. */
export interface CutShort {
  /** Which warning it is. */
  kind: "cut short";
  /** The work that was ended. */
  phase: CutWork;
  /** Number of epochs done. */
  epochs?: number;
  /** Maximum number of epochs. */
  of?: number;
  /** Number of candidates whose training was ended. */
  trainings?: number;
  /** The command that resumes it, if that can be done. */
  resume?: string;
  /** Otherwise, the length that stays. */
  selected?: number;
}

/** A {@link RunWarning} that a training was stopped, or still under way, when its run was evaluated. */
export interface Unfinished {
  /** Which warning it is. */
  kind: "unfinished";
  /** Title of another method than the run's. */
  method?: string;
  /** How far it was, and the epoch whose weights the model has. Omitted: there is no model yet. */
  trained?: { epochs: number; of?: number; kept: EpochPlace; isBest: boolean };
  /** The command that resumes it. */
  resume: string;
}

/** What a reader of a run's results should know. */
export type RunWarning =
  | CutShort
  | Unfinished
  /** A length was selected before the candidates could be compared; `isCut`: because a budget ended the search. */
  | { kind: "guess"; length: number; isCut: boolean }
  | { kind: "remark"; text: string };

/** The options of a run in `run.json`, with all defaults, each in one place. */
export interface RunConfig {
  /** Name of the method, as in `--method`. */
  method: string;
  /** Sizes and choices of the method's network. */
  network: Record<string, unknown>;
  /** How a length was searched, for AutoMLP. */
  search?: Record<string, unknown>;
  /** How it was trained, validated and evaluated. */
  training: RecordedTraining & Record<string, unknown>;
  /** What may differ between the commands that work on the run: how far it goes, on which engine. As the last one had it. */
  session: Record<string, unknown>;
  /** How its data were prepared or which were named, if the job did that, and which methods are trained beside it. */
  data?: Record<string, unknown>;
  /** The run that it was made from, and the one that has figures of its method, if it is a {@link refit}. */
  refit?: { of: string; figuresIn: string };
}

/** The options of a training in a {@link RunConfig} that all readers of runs know. */
export interface RecordedTraining {
  /** Maximum number of epochs. */
  epochs?: number;
  /** The validation metric that decides when training stops. */
  metric?: MetricName;
  /** Protocol of that metric. */
  protocol?: RankingProtocol;
  /** Number of networks whose scores are averaged. */
  ensemble?: number;
  /** Whether items of the history are ranked and recommended too. */
  keepSeen?: boolean;
  /** For a refit, what it has learnt. */
  trainOn?: TrainOn;
  /** The run whose weights it began with. */
  startFrom?: string;
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
   * budget, in seconds, applies only to the command that was given it.
   */
  sessions: { command: string; began: string; commit?: string; program?: string; budget?: number }[];
  /** The machine that the last of these commands ran on. */
  machine?: { system: string; cores: number; memoryBytes?: number };
  /** What was run, with all defaults. What was given to a single command only, such as a budget, is in `sessions`. */
  config: RunConfig;
  /** Seed of all draws of search and training: initial weights, order, dropout, the targets that α learns from. */
  seed: number;
  /** Versions of this program and of what it computes with, by name. */
  versions: Record<string, string>;
  /** The method's title, as in tables; its name is in `config`. */
  title: string;
  /** The engine that was used last. */
  backend: RunEngine;
  /** All engines that the run was computed on, in order. */
  backends: RunEngine[];
  /** Number of trained parameters of the retrained network; undefined before there is one. */
  parameters?: number;
  /**
   * The dataset that it was trained on, the seed that drew its negatives, and its folder; `beside` is the same folder relative to the run's,
   * if it is not inside that.
   */
  dataset: { hash: string; name: string; seed: number; folder: string; beside?: string };
  /** Wall time of each phase so far, in seconds, in the order they ran: `{ prepare, search, retrain, evaluate }`. */
  times: Record<string, number>;
  /**
   * The phase that was under way when this was written; omitted between phases and once the run is done.
   */
  phase?: "search" | "retrain" | "evaluate";
  /**
   * Largest resident set of the process in each phase, in bytes: exact if the phase took more than all phases before it in that process,
   * otherwise the largest of the samples taken.
   */
  peakMemory: Record<string, number>;
  /** Largest resident set of the run's processes. */
  peakMemoryBytes: number;
  /** Remarks that a reader of the results should know. */
  warnings: RunWarning[];
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
