/**
 * The results of a tuning as plain data.
 *
 * @module
 */
import type { MetricName, RankingProtocol } from "./evaluation.ts";

/** One configuration, and how far it was trained. {@link tune} yields them. */
export interface TuningTrial {
  /** Number of the trial, from 1. */
  trial: number;
  /** The options that were drawn for it. */
  options: Record<string, unknown>;
  /** `done`: trained as far as was asked; `failed`: ended by an error; `too large`: not begun, for lack of memory. */
  status: "done" | "failed" | "too large";
  /** The best validation metric of its training so far; undefined if it has none. */
  value?: number;
  /** Number of epochs trained; fractional if the last one ended early. */
  epochs: number;
  /** The epoch with that value, from 1. */
  bestEpoch?: number;
  /** Seconds of training, over all its processes. */
  seconds: number;
  /** Why it failed or was too large, if it did or was. */
  message?: string;
}

/** A tuning's results, as {@link tune} leaves them. */
export interface TuningResults {
  /** Name of the method, as in `--method`. */
  method: string;
  /** Name of the method in tables. */
  title: string;
  /** The dataset that was tuned on. */
  dataset: { name: string; hash: string };
  /** The seed that the configurations were drawn with. */
  seed: number;
  /** The validation metric. */
  metric: MetricName;
  /** Protocol of that metric. */
  protocol: RankingProtocol;
  /** Number of epochs of each rung. */
  rungs: number[];
  /** Names of the options that were searched, in order. */
  searched: string[];
  /** The trials, in the order of their numbers. */
  trials: TuningTrial[];
  /** Number of trials that were asked for. */
  asked: number;
  /** Whether the tuning is complete; false while it runs, and after it was stopped or its time was up: the next call continues it. */
  complete: boolean;
}

/** A trial that has a result. */
export type ValuedTrial = TuningTrial & { value: number };

/** Whether a trial can be compared. One that failed midway cannot: training with its options would fail again. */
export const isValued = (trial: TuningTrial): trial is ValuedTrial =>
  trial.status === "done" && trial.value !== undefined;

/** The trial with the best validation metric; undefined if no trial has one. */
export const bestTrial = (results: Pick<TuningResults, "trials">): ValuedTrial | undefined =>
  results.trials.filter(isValued).reduce<ValuedTrial | undefined>(
    (best, trial) => best && best.value >= trial.value ? best : trial,
    undefined,
  );
