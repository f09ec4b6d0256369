/**
 * What an experiment came to: plain data.
 *
 * @module
 */
import type { Metrics } from "./records.ts";

/** What a cell took. */
export interface CellCost {
  parameters?: number;
  shortTermLength?: number;
  /** Epochs of training done, and the one whose weights were kept. */
  epochs: number;
  bestEpoch?: number;
  searchSeconds?: number;
  trainSeconds?: number;
  /** Of the training, validation included. */
  secondsPerEpoch?: number;
  /** Training targets or windows a second; the median over epochs. */
  examplesPerSecond?: number;
  /** The largest resident set of its process. */
  peakMemoryBytes?: number;
}

/** Of one method, by protocol. */
export interface TestFigures {
  /** On test; empty where nothing was evaluated. */
  metrics: Metrics[string];
  /** τ, chosen on validation. */
  logitAdjustment: Record<string, number>;
  /** The metrics by the scores as they are, where τ is not 0. */
  unadjusted: Metrics[string];
}

/** A finished cell. */
export interface CellResult extends CellCost, TestFigures {
  seed: number;
  /** Its run folder, below the experiment's. */
  run: string;
}

/** A cell that ended by an error. */
export interface Failure {
  seed: number;
  message: string;
}

/** A row of the tables: a method with its options, over the seeds. */
export interface RowResult {
  label: string;
  method: string;
  /** What tuning chose for it. */
  tuned?: Record<string, unknown>;
  /** Where the plan goes along an axis. */
  series?: string;
  x?: number;
  /** In the order of the seeds. */
  cells: CellResult[];
  failures: Failure[];
  /** How many were not done. */
  missing: number;
}

/** How sure it is that the first row and another one differ; two-sided, by Holm's method for all rows together. */
export interface Significance {
  protocol: string;
  metric: string;
  label: string;
  /** Student's t-test over seeds, paired; undefined with fewer than two. */
  pSeeds?: number;
  /** Over users, paired, each with its mean over seeds. */
  pUsers?: number;
}

/** A published figure. */
export interface PublishedRow {
  label: string;
  source: string;
  protocol: string;
  metrics: Record<string, number>;
}

/** One person of the gallery: what they did, what each method recommends, what they took. All by title, where items have one. */
export interface GalleryPerson {
  /** Original id. */
  user: string;
  /** The newest interactions before the target, oldest first; how many there were before these. */
  history: string[];
  earlier: number;
  /** The test item. */
  took: string;
  /** The best items of the first seed of each row, best first; whether the one taken is among them. */
  recommended: { label: string; items: string[]; hit: boolean }[];
}

/** How softmax(α) went in the search of a row's first seed. */
export interface SearchCourse {
  label: string;
  /** Lengths, in the order of the probabilities. */
  candidates: number[];
  selected: number;
  points: { step: number; probabilities: number[] }[];
}

/** How figures came about. */
export interface Provenance {
  /** As they were typed, of all calls that trained a cell. */
  commands: string[];
  /** What the cells were computed on. */
  engines: string[];
  versions: Record<string, string>;
  /** Wall time of all cells together, one after the other. */
  seconds: number;
}

/** An experiment's results. */
export interface ExperimentResults {
  name: string;
  question?: string;
  dataset: { name: string; hash: string; users: number; items: number; interactions: number };
  /** Negatives of each target. */
  negatives: number;
  seeds: number[];
  /** By which it was evaluated, on test. */
  protocols: string[];
  /** By which rows are compared. */
  metric: string;
  axis?: { name: string; symbol: string };
  rows: RowResult[];
  /** Methods that are evaluated beside every cell, and have no seed. */
  baselines: ({ label: string } & TestFigures)[];
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
