/**
 * AutoMLP-s: one complete training for each candidate length; the best on validation wins. For comparison, and for those
 * who trust nothing else.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import type { NetworkConfig } from "../automlp/config.ts";
import type { Engine } from "../backend/types.ts";
import type { Architecture, Trial } from "../run/records.ts";
import { Training, type TrainingOptions, type TrainingState } from "../train/training.ts";

/** What {@link exhaustiveSearch} finds. */
export interface Exhaustive {
  architecture: Architecture;
  /** In the order of the candidates. */
  trials: Trial[];
  /** The winner's training, whole: retraining would give the same. */
  winner: TrainingState;
}

/**
 * Trains the network once for each candidate.
 *
 * @param config Its candidates are tried one by one.
 * @param onTrial Told of all trials so far, after each.
 */
export async function exhaustiveSearch(
  engine: Engine,
  dataset: SequenceDataset,
  config: NetworkConfig,
  options: TrainingOptions,
  onTrial?: (trials: readonly Trial[]) => void | Promise<void>,
): Promise<Exhaustive> {
  const trials: Trial[] = [];
  let winner: TrainingState | undefined;
  const bestValue = () => Math.max(-Infinity, ...trials.map(({ value }) => value));
  for (const k of config.candidates) {
    const training = new Training(engine, dataset, { ...config, candidates: [k] }, options);
    try {
      for await (const _epoch of training);
      const { history, bestEpoch } = training;
      const value = history[bestEpoch - 1].metrics[options.metric];
      if (value > bestValue()) winner = training.state();
      trials.push({
        shortTermLength: k,
        value,
        bestEpoch,
        epochs: history.length,
        seconds: history.at(-1)!.seconds,
      });
      await onTrial?.(trials);
    } finally {
      training.dispose();
    }
  }
  const sorted = trials.toSorted((a, b) => b.value - a.value);
  return {
    trials,
    winner: winner!,
    architecture: {
      shortTermLength: sorted[0].shortTermLength,
      candidates: trials.map(({ shortTermLength }) => shortTermLength),
      alpha: [],
      probabilities: [],
      entropy: 0,
      margin: sorted.length > 1 ? sorted[0].value - sorted[1].value : 0,
      clear: sorted.length < 2 || sorted[0].value > sorted[1].value,
      rule: "argmax",
      method: "exhaustive",
    },
  };
}
