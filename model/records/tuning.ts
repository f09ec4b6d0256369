/**
 * What a tuning tried: plain data.
 *
 * @module
 */
import type { MetricName, RankingProtocol } from "./evaluation.ts";

/** One configuration, and how far it was trained. {@link tune} yields them. */
export interface TuningTrial {
  /** From 1. */
  trial: number;
  /** What was drawn for it. */
  options: Record<string, unknown>;
  /** Whether it was trained as far as was asked of it; `too large`: not begun, for want of memory. */
  status: "done" | "failed" | "too large";
  /** The best validation metric of its training so far; undefined where it came to none. */
  value?: number;
  /** Epochs trained, no whole number where the last was cut; and the one with that value. */
  epochs: number;
  /** See `epochs`; from 1. */
  bestEpoch?: number;
  /** Of training, all its processes together. */
  seconds: number;
  /** Where it failed, or was too large: why. */
  message?: string;
}

/** A tuning's results, as {@link tune} leaves them. */
export interface TuningResults {
  /** As in `--method`. */
  method: string;
  /** What tables call the method. */
  title: string;
  /** Of which data. */
  dataset: { name: string; hash: string };
  /** That the configurations were drawn with. */
  seed: number;
  /** The validation metric, and its protocol. */
  metric: MetricName;
  /** See `metric`. */
  protocol: RankingProtocol;
  /** Epochs of the rungs. */
  rungs: number[];
  /** Options that were searched, in their order. */
  searched: string[];
  /** In the order of their numbers. */
  trials: TuningTrial[];
  /** How many were asked for. */
  asked: number;
  /** Whether all is done; false while it goes on, and where it was stopped or its time was up: the next call goes on. */
  complete: boolean;
}

/** A trial that came to a result. */
export type ValuedTrial = TuningTrial & { value: number };

/** Whether a trial can be compared. One that failed on its way cannot: with its options training would fail again. */
export const isValued = (trial: TuningTrial): trial is ValuedTrial =>
  trial.status === "done" && trial.value !== undefined;

/** The trial with the best validation metric; undefined where none came to one. */
export const bestTrial = (results: Pick<TuningResults, "trials">): ValuedTrial | undefined =>
  results.trials.filter(isValued).reduce<ValuedTrial | undefined>(
    (best, trial) => best && best.value >= trial.value ? best : trial,
    undefined,
  );
