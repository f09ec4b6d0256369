/**
 * AutoMLP-s: one complete training for each candidate length; the best on validation wins. For comparison, and for those
 * who trust nothing else.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import type { NetworkConfig } from "../automlp/config.ts";
import type { Engine } from "../backend/types.ts";
import type { Architecture } from "../run/records.ts";
import { Training, type TrainingOptions, type TrainingState } from "../train/training.ts";

/** One candidate's training. */
export interface Trial {
  shortTermLength: number;
  /** The best validation metric. */
  value: number;
  bestEpoch: number;
  epochs: number;
  seconds: number;
}

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
 * @param context.done Trials of an earlier run, not to be repeated, with the winner among them.
 * @param context.onTrial Told of each new one, with its state where it is the best so far.
 */
export async function exhaustiveSearch(
  engine: Engine,
  dataset: SequenceDataset,
  config: NetworkConfig,
  options: TrainingOptions,
  context: {
    done?: { trials: Trial[]; winner: TrainingState };
    onTrial?: (trials: Trial[], best?: TrainingState) => void | Promise<void>;
  } = {},
): Promise<Exhaustive> {
  const trials = [...context.done?.trials ?? []];
  let winner = context.done?.winner;
  const bestValue = () => Math.max(-Infinity, ...trials.map(({ value }) => value));
  for (const k of config.candidates.slice(trials.length)) {
    const training = new Training(engine, dataset, { ...config, candidates: [k] }, options);
    try {
      for await (const _epoch of training);
      const { history, bestEpoch } = training;
      const value = history[bestEpoch - 1].metrics[options.metric];
      const best = value > bestValue() ? training.state() : undefined;
      winner = best ?? winner;
      trials.push({
        shortTermLength: k,
        value,
        bestEpoch,
        epochs: history.length,
        seconds: history.at(-1)!.seconds,
      });
      await context.onTrial?.(trials, best);
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
