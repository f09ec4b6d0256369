/**
 * AutoMLP-s: one complete training for each candidate length; the best on validation wins. For comparison, and for those
 * who trust nothing else.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { contextOf } from "../../pipeline/contract/context.ts";
import { InputError, Interrupted } from "../../pipeline/contract/errors.ts";
import { displayOf } from "../../pipeline/display/with_display.ts";
import type { NetworkConfig } from "../automlp/network_config.ts";
import { modelParameters } from "../automlp/network.ts";
import type { Engine } from "../backend/types.ts";
import { shapeProblem } from "../layers/expected.ts";
import { architectureWithDisplay } from "../views/architecture.ts";
import type { Architecture, Trial } from "../records/records.ts";
import { resolveTraining, type TrainingOptions } from "../train/options.ts";
import type { TrainingState } from "../train/state.ts";
import { Training } from "../train/training.ts";
import { exhaustiveWithDisplay } from "../views/trials.ts";

/** What {@link exhaustiveSearch} finds. */
export interface Exhaustive {
  /** The selected length. */
  architecture: Architecture;
  /** In the order of the candidates. */
  trials: Trial[];
  /** The winner's training, whole: retraining would give the same. */
  winner: TrainingState;
}

/** An exhaustive search that is not finished. */
export interface ExhaustiveState {
  /** Of the candidates that are done. */
  trials: Trial[];
  /** The best of these. */
  winner?: TrainingState;
  /** The training of the next candidate, where it has begun. */
  training?: TrainingState;
}

/** What an exhaustive search may be given beside the options of its trainings. */
export interface ExhaustiveHooks {
  /** Goes on from here. */
  from?: ExhaustiveState;
  /** Told at the end of each epoch and of each trial, and at an interruption; a checkpoint may be written. */
  onState?: (state: ExhaustiveState) => void | Promise<void>;
}

/**
 * Trains the network once for each candidate. A deadline is shared out: of the time that is left each candidate gets the
 * same, so that none is judged by less training than another because it came later.
 *
 * @param config Its candidates are tried one by one.
 * @param input The options of the trainings; those left out have their defaults.
 * @throws {Interrupted} if `signal` is aborted.
 * @example
 * ```ts
 * import { exhaustiveSearch, networkFor, openEngine, prepare } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const network = networkFor(dataset, { candidates: [2, 5], length: 10, dim: 8, layers: 1 });
 * const { architecture, trials } = await exhaustiveSearch(await openEngine(), dataset, network, { epochs: 1 });
 * console.log(architecture.shortTermLength, trials.map(({ value }) => value));
 * ```
 */
export async function exhaustiveSearch(
  engine: Engine,
  dataset: SequenceDataset,
  config: NetworkConfig,
  input: Partial<TrainingOptions> = {},
  { from = { trials: [] }, onState }: ExhaustiveHooks = {},
): Promise<Exhaustive> {
  const options = resolveTraining(input);
  const { candidates } = config;
  checkFrom(from, config);
  const trials = [...from.trials];
  let { winner, training: begun } = from;
  for (const k of candidates.slice(trials.length)) {
    const deadline = shareOf(options.deadline, candidates.length - trials.length);
    const training = new Training(engine, dataset, { ...config, candidates: [k] }, { ...options, deadline });
    const tell = () => onState?.({ trials, winner, training: training.state() });
    try {
      if (begun) training.restore(begun);
      begun = undefined;
      training.onEpoch = tell;
      for await (const _epoch of training);
      const { history, bestEpoch } = training;
      const value = history.find(({ epoch }) => epoch === bestEpoch)!.metrics[options.metric];
      if (value > Math.max(-Infinity, ...trials.map((trial) => trial.value))) winner = training.state();
      trials.push({
        shortTermLength: k,
        value,
        bestEpoch,
        epochs: history.length,
        seconds: history.at(-1)!.seconds,
      });
      await onState?.({ trials, winner });
    } catch (error) {
      if (error instanceof Interrupted) await tell();
      throw error;
    } finally {
      training.dispose();
    }
  }
  const sorted = trials.toSorted((a, b) => b.value - a.value);
  const found = exhaustiveWithDisplay({
    trials,
    winner: winner!,
    architecture: architectureWithDisplay({
      shortTermLength: sorted[0].shortTermLength,
      candidates: trials.map(({ shortTermLength }) => shortTermLength),
      alpha: [],
      probabilities: [],
      entropy: 0,
      margin: sorted.length > 1 ? sorted[0].value - sorted[1].value : 0,
      clear: sorted.length < 2 || sorted[0].value > sorted[1].value,
      rule: "argmax",
      method: "exhaustive",
    }),
  }, options.metric);
  // In the place of the last training's curves.
  await contextOf(options).progress.grow?.({ of: found, draw: () => displayOf(found) }, "ended");
  return found;
}

/**
 * Checks that what is resumed from are trials of these candidates.
 *
 * @throws {InputError} if they are others, or the best of them is not there.
 */
function checkFrom({ trials, winner }: ExhaustiveState, config: NetworkConfig): void {
  const done = trials.map(({ shortTermLength }) => shortTermLength);
  if (done.some((k, i) => k !== config.candidates[i])) {
    throw new InputError(
      `Cannot resume trials of the lengths ${done.join(", ")}: the candidates are ${
        config.candidates.join(", ")
      }; ` +
        "remove the trials to search again",
    );
  }
  if (trials.length === 0) return;
  const best = trials.reduce((a, b) => b.value > a.value ? b : a).shortTermLength;
  // A process that was killed in between has kept a winner that is not yet among the trials.
  const possible = [best, ...config.candidates.slice(trials.length, trials.length + 1)];
  const shapes = new Map([...winner?.optimizer.tensors ?? []].map(([name, { shape }]) => [name, shape]));
  const fits = (k: number) => !shapeProblem(modelParameters({ ...config, candidates: [k] }), shapes);
  if (!possible.some(fits)) {
    throw new InputError(
      `Cannot resume the trials: the training that was kept is not that of the best, k = ${best}; ` +
        "remove the trials to search again",
    );
  }
}

/** The moment by which one of `parts` must be done, all to be done by `deadline`. */
function shareOf(deadline: number | undefined, parts: number): number | undefined {
  if (deadline === undefined) return undefined;
  const now = performance.now();
  return now + (deadline - now) / parts;
}
