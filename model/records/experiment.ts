/**
 * What an experiment came to: plain data.
 *
 * @module
 */
import type { MetricName, RankingProtocol } from "./evaluation.ts";
import type { Metrics } from "./records.ts";

/** What a cell took, in its {@link CellResult}. */
export interface CellCost {
  /** Trained numbers. */
  parameters?: number;
  /** The selected length, of AutoMLP. */
  shortTermLength?: number;
  /** Epochs of training done, no whole number where the last was cut; and the one whose weights were kept. */
  epochs: number;
  /** See `epochs`; from 1. */
  bestEpoch?: number;
  /** Of the search, if there was one. */
  searchSeconds?: number;
  /** Of the training, validation included. */
  trainSeconds?: number;
  /** Of the training, validation included. */
  secondsPerEpoch?: number;
  /** Training targets or windows a second; the median over epochs. */
  examplesPerSecond?: number;
  /** The largest resident set of its process. */
  peakMemoryBytes?: number;
}

/** Of one method, by protocol: part of {@link ExperimentResults}. */
export interface TestFigures {
  /** On test; empty where nothing was evaluated. */
  metrics: Metrics[string];
  /** τ, chosen on validation. */
  logitAdjustment: Record<string, number>;
  /** The metrics by the scores as they are, where τ is not 0. */
  unadjusted: Metrics[string];
}

/** A finished cell of an experiment, in {@link RowResult}. */
export interface CellResult extends CellCost, TestFigures {
  /** Of its training. */
  seed: number;
  /** Its run folder, below the experiment's. */
  run: string;
  /** Whether a budget of its own ended its search or its training. */
  cutShort?: boolean;
}

/** A cell that ended by an error, in {@link RowResult}. */
export interface Failure {
  /** Of its training. */
  seed: number;
  /** In one line. */
  message: string;
}

/** A row of the tables: a method with its options, over the seeds. Part of {@link ExperimentResults}. */
export interface RowResult {
  /** Of the row, as in `SASRec`. */
  label: string;
  /** As in `--method`. */
  method: string;
  /** What tuning chose for it. */
  tuned?: Record<string, unknown>;
  /** Where the plan goes along an axis. */
  series?: string;
  /** See `series`. */
  x?: number;
  /** In the order of the seeds. */
  cells: CellResult[];
  /** Cells that ended by an error. */
  failures: Failure[];
  /** How many were not done. */
  missing: number;
}

/**
 * How sure it is that the first row and another one differ; two-sided, by Holm's method for all rows together. Each metric that the tables show is tested by itself; baselines are not. Part of {@link ExperimentResults}.
 */
export interface Significance {
  /** What was ranked against. */
  protocol: RankingProtocol;
  /** As in `NDCG@10`. */
  metric: MetricName;
  /** Of the row, as in `SASRec`. */
  label: string;
  /** Student's t-test over seeds, paired; undefined with fewer than two. */
  pSeeds?: number;
  /** Over users, paired, each with its mean over seeds. */
  pUsers?: number;
}

/** A published figure, beside those of {@link ExperimentResults}. */
export interface PublishedRow {
  /** Of the row, as in `SASRec`. */
  label: string;
  /** Who published it, and where. */
  source: string;
  /** What was ranked against. */
  protocol: string;
  /** By name, as in `NDCG@10`. */
  metrics: Record<string, number>;
}

/**
 * One person of the gallery of {@link ExperimentResults}: what they did, what each method recommends, what they took. All by title, where items have one.
 */
export interface GalleryPerson {
  /** Original id. */
  user: string;
  /** The newest interactions before the target, oldest first; how many there were before these. */
  history: string[];
  /** See `history`. */
  earlier: number;
  /** The test item. */
  took: string;
  /** The best items of the first seed of each row, best first; whether the one taken is among them. */
  recommended: { label: string; items: string[]; hit: boolean }[];
}

/** How softmax(α) went in the search of a row's first seed. Part of {@link ExperimentResults}. */
export interface SearchCourse {
  /** Of the row, as in `SASRec`. */
  label: string;
  /** In words, in the order of the probabilities. */
  candidates: string[];
  /** What was selected, in words. */
  selected: string;
  /** What that is among all, in words, as in `the largest α`. */
  reason: string;
  /** softmax(α) over the steps of the search, one number for each candidate. */
  points: { step: number; probabilities: number[] }[];
}

/** How the figures of {@link ExperimentResults} came about. */
export interface Provenance {
  /** As they were typed, of all calls that trained a cell. */
  commands: string[];
  /** What the cells were computed on. */
  engines: string[];
  /** Of this program and of what it computed with, by name. */
  versions: Record<string, string>;
  /** Wall time of all cells together, one after the other. */
  seconds: number;
}

/** An experiment's results: what {@link runExperiment} returns. */
export interface ExperimentResults {
  /** Of the plan. */
  name: string;
  /** What is asked, in a sentence. */
  question?: string;
  /** Of which data, and how large it is. */
  dataset: { name: string; hash: string; users: number; items: number; interactions: number };
  /** Negatives of each target. */
  negatives: number;
  /** Of the trainings. */
  seeds: number[];
  /** By which it was evaluated, on test. */
  protocols: RankingProtocol[];
  /** By which rows are compared. */
  metric: MetricName;
  /** What `x` of the rows is, its symbol, and whose time is looked at along it: that of an epoch, where nothing else is said. */
  axis?: { name: string; symbol: string; time?: "epoch" | "search and training" };
  /** In the order of the plan; the first is what the others are compared with. */
  rows: RowResult[];
  /** Methods that are evaluated beside every cell, and have no seed. */
  baselines: ({ label: string } & TestFigures)[];
  /** Of the rows but the first. */
  significance: Significance[];
  /** What others report on the same data, by their own splits and seeds. */
  published: PublishedRow[];
  /** Of the rows that were searched by gradient. */
  searches: SearchCourse[];
  /** Undefined where no cell is finished. */
  provenance?: Provenance;
  /** A few people; nobody where nothing was evaluated. */
  gallery: GalleryPerson[];
}
