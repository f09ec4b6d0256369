/**
 * The results of an experiment as plain data.
 *
 * @module
 */
import type { MetricName, RankingProtocol } from "./evaluation.ts";
import type { Metrics } from "./records.ts";

/** What a cell cost, in its {@link CellResult}. */
export interface CellCost {
  /** Number of trained parameters. */
  parameters?: number;
  /** The selected short-term length, for AutoMLP. */
  shortTermLength?: number;
  /** Number of training epochs; fractional if the last one ended early. */
  epochs: number;
  /** The epoch whose weights were kept, from 1. */
  bestEpoch?: number;
  /** Seconds of the search, if there was one. */
  searchSeconds?: number;
  /** Seconds of the training, validation included. */
  trainSeconds?: number;
  /** Seconds per epoch of the training, validation included. */
  secondsPerEpoch?: number;
  /** Training targets or windows per second; the median over epochs. */
  examplesPerSecond?: number;
  /** Largest resident set of its process. */
  peakMemoryBytes?: number;
}

/** Test figures of one method, by protocol: part of {@link ExperimentResults}. */
export interface TestFigures {
  /** Metrics on test; empty if nothing was evaluated. */
  metrics: Metrics[string];
  /** τ, chosen on validation. */
  logitAdjustment: Record<string, number>;
  /** The metrics by unadjusted scores, if τ is not 0. */
  unadjusted: Metrics[string];
}

/** A finished cell of an experiment, in {@link RowResult}. */
export interface CellResult extends CellCost, TestFigures {
  /** Seed of its training. */
  seed: number;
  /** Its run folder, relative to the experiment's. */
  run: string;
  /** Whether its own budget ended its search or its training. */
  cutShort?: boolean;
}

/** A cell that ended with an error, in {@link RowResult}. */
export interface Failure {
  /** Seed of its training. */
  seed: number;
  /** The error message, in one line. */
  message: string;
}

/** A row of the tables: a method with its options, over the seeds. Part of {@link ExperimentResults}. */
export interface RowResult {
  /** Label of the row, as in `SASRec`. */
  label: string;
  /** Name of the method, as in `--method`. */
  method: string;
  /** The options that tuning chose for it. */
  tuned?: Record<string, unknown>;
  /** The series of the row, if the plan varies something along an axis. */
  series?: string;
  /** The place of the row on that axis. */
  x?: number;
  /** Finished cells, in the order of the seeds. */
  cells: CellResult[];
  /** Cells that ended with an error. */
  failures: Failure[];
  /** Number of cells that were not done. */
  missing: number;
}

/**
 * Significance of the difference between the first row and another one: two-sided, corrected by Holm's method for all rows together. Each
 * metric in the tables is tested separately; baselines are not tested. Part of {@link ExperimentResults}.
 */
export interface Significance {
  /** What the targets were ranked against. */
  protocol: RankingProtocol;
  /** The metric, as in `NDCG@10`. */
  metric: MetricName;
  /** Label of the row, as in `SASRec`. */
  label: string;
  /** p of a paired Student's t-test over seeds; undefined with fewer than two. */
  pSeeds?: number;
  /** p of a paired test over users, each represented by its mean over seeds. */
  pUsers?: number;
}

/** A published figure, to be compared with those of {@link ExperimentResults}. */
export interface PublishedRow {
  /** Label of the row, as in `SASRec`. */
  label: string;
  /** Who published it, and where. */
  source: string;
  /** What the targets were ranked against. */
  protocol: string;
  /** The figures by metric, as in `NDCG@10`. */
  metrics: Record<string, number>;
}

/**
 * One person in the gallery of {@link ExperimentResults}: what they did, what each method recommends, and what they took. Items are named
 * by title if they have one.
 */
export interface GalleryPerson {
  /** Original id of the user. */
  user: string;
  /** The most recent interactions before the target, oldest first. */
  history: string[];
  /** Number of interactions before those in `history`. */
  earlier: number;
  /** The test item. */
  took: string;
  /** For the first seed of each row, the best items, best first, and whether the one taken is among them. */
  recommended: { label: string; items: string[]; hit: boolean }[];
}

/** The course of softmax(α) in the search of a row's first seed. Part of {@link ExperimentResults}. */
export interface SearchCourse {
  /** Label of the row, as in `SASRec`. */
  label: string;
  /** The candidates in words, in the order of the probabilities. */
  lengths: string[];
  /** The selected candidate, in words. */
  selected: string;
  /** What distinguishes the selected candidate, in words, as in `the largest α`. */
  reason: string;
  /** softmax(α) over the steps of the search, one number per candidate. */
  points: { step: number; probabilities: number[] }[];
}

/** How the figures of {@link ExperimentResults} came about. */
export interface Provenance {
  /** The commands of all calls that trained a cell, as they were typed. */
  commands: string[];
  /** The engines that the cells were computed on. */
  engines: string[];
  /** Versions of this program and of what it computed with, by name. */
  versions: Record<string, string>;
  /** Total wall time of all cells, in seconds. */
  seconds: number;
}

/** An experiment's results: what {@link runExperiment} returns. */
export interface ExperimentResults {
  /** Name of the plan. */
  name: string;
  /** The question that the experiment answers, in a sentence. */
  question?: string;
  /** The dataset and its size. */
  dataset: { name: string; hash: string; users: number; items: number; interactions: number };
  /** Number of negatives per target. */
  negatives: number;
  /** Seeds of the trainings. */
  seeds: number[];
  /** The protocols that methods were evaluated by, on test. */
  protocols: RankingProtocol[];
  /** The metric that rows are compared by. */
  metric: MetricName;
  /** The meaning of the rows' `x`, its symbol, and which time is shown along it; default: that of an epoch. */
  axis?: { name: string; symbol: string; time?: "epoch" | "search and training" };
  /** The rows in the order of the plan; the others are compared with the first. */
  rows: RowResult[];
  /** Methods without a seed, which are evaluated alongside every cell. */
  baselines: ({ label: string } & TestFigures)[];
  /** Significance for every row but the first. */
  significance: Significance[];
  /** Figures that others report on the same data, with their own splits and seeds. */
  published: PublishedRow[];
  /** Courses of the searches, for rows that were searched by gradient. */
  searches: SearchCourse[];
  /** How the figures came about; undefined if no cell is finished. */
  provenance?: Provenance;
  /** A few people; empty if nothing was evaluated. */
  gallery: GalleryPerson[];
}
