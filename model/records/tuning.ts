/**
 * What a tuning tried: plain data.
 *
 * @module
 */

/** One configuration, and how far it was trained. */
export interface TuningTrial {
  /** From 1. */
  trial: number;
  /** What was drawn for it. */
  options: Record<string, unknown>;
  status: "done" | "failed" | "too large";
  /** The best validation metric of its training so far; undefined where it came to none. */
  value?: number;
  /** Epochs trained, and the one with that value. */
  epochs: number;
  bestEpoch?: number;
  /** Of training, all its processes together. */
  seconds: number;
  /** Where it failed, or was too large: why. */
  message?: string;
}

/** A tuning's results. */
export interface TuningResults {
  method: string;
  title: string;
  dataset: { name: string; hash: string };
  seed: number;
  /** The validation metric, and its protocol. */
  metric: string;
  protocol: string;
  /** Epochs of the rungs. */
  rungs: number[];
  /** Options that were searched, in their order. */
  searched: string[];
  /** In the order of their numbers. */
  trials: TuningTrial[];
  /** How many were asked for. */
  asked: number;
}

/** The trial with the best validation metric; undefined where none came to one. */
export const bestTrial = ({ trials }: Pick<TuningResults, "trials">): TuningTrial | undefined =>
  trials.reduce<TuningTrial | undefined>(
    (best, trial) => trial.value !== undefined && !(best && best.value! >= trial.value) ? trial : best,
    undefined,
  );
