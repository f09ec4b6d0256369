/**
 * AutoMLP-s: one complete training for each candidate; the best on validation wins. It serves as a comparison for the
 * differentiable search, and for users who want the most direct answer.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { contextOf } from "../../pipeline/contract/context.ts";
import { InputError, Interrupted } from "../../pipeline/contract/errors.ts";
import { displayOf } from "../../pipeline/display/with_display.ts";
import type { NetworkConfig } from "../methods/automlp/config.ts";
import type { Engine } from "../backend/types.ts";
import { shapeProblem } from "../layers/expected.ts";
import type { ParameterSpec } from "../layers/parameters.ts";
import { candidateLabel, candidateNames } from "../records/candidates.ts";
import { epochsDone } from "../records/epochs.ts";
import type { Architecture, Trial } from "../records/records.ts";
import { architectureWithDisplay, exhaustiveWithDisplay } from "../views/search.ts";
import { methodOf, usualStep } from "../train/methods.ts";
import { resolveTraining, type TrainingOptions } from "../train/options.ts";
import type { TrainingState } from "../train/state.ts";
import { Training } from "../train/training.ts";

/** Result of {@link exhaustiveSearch}. */
export interface Exhaustive {
  /** The selected architecture. */
  architecture: Architecture;
  /** One trial for each candidate, in the order of the candidates. */
  trials: Trial[];
  /** The complete training of the winner: retraining would give the same. */
  winner: TrainingState;
}

/** State of an unfinished {@link exhaustiveSearch}. */
export interface ExhaustiveState {
  /** Trials of the candidates that are done. */
  trials: Trial[];
  /** The best training of these. */
  winner?: TrainingState;
  /** The training of the next candidate, if it has begun. */
  training?: TrainingState;
}

/** Options of {@link exhaustiveSearch} besides those of its trainings. */
export interface ExhaustiveHooks {
  /** The state to continue from. */
  from?: ExhaustiveState;
  /** Called at the end of each epoch and of each trial, and on interruption; it may write a checkpoint. */
  onState?: (state: ExhaustiveState) => void | Promise<void>;
  /**
   * Called with each training before its first step.
   *
   * @internal
   */
  onTraining?: (training: Training) => unknown;
  /**
   * Called with each training after its last step.
   *
   * @internal
   */
  onTrained?: (training: Training) => void;
}

/**
 * Trains the network once for each candidate. A deadline is divided: each candidate gets an equal share of the time
 * that is left, so that none is judged on less training because it came later.
 *
 * @param config Its candidates are tried one by one; for an ensemble, each as an ensemble of the same size.
 * @param input Options of the trainings; those left out have their defaults.
 * @throws {Interrupted} if `signal` is aborted.
 * @example
 * ```ts
 * import { exhaustiveSearch, networkFor, openEngine, prepare } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const network = networkFor(dataset, { lengths: [2, 5], length: 10, dim: 8, layers: 1 });
 * const { architecture, trials } = await exhaustiveSearch(await openEngine(), dataset, network, { epochs: 1 });
 * console.log(architecture.shortTermLength, trials.map(({ value }) => value));
 * ```
 */
export async function exhaustiveSearch(
  engine: Engine,
  dataset: SequenceDataset,
  config: NetworkConfig,
  input: Partial<TrainingOptions> = {},
  hooks: ExhaustiveHooks = {},
): Promise<Exhaustive> {
  const { onTraining, onTrained, ...asked } = hooks;
  const { from = { trials: [] }, onState } = asked;
  const options = resolveTraining(input, usualStep(dataset, config));
  const { lengths } = config, names = candidateNames(config);
  const networkOf = (place: number): NetworkConfig => ({ ...config, lengths: [lengths[place]] });
  checkFrom(from, names, (place) => methodOf(networkOf(place)).parameters(dataset, networkOf(place)));
  const trials = [...from.trials];
  let { winner, training: begun } = from;
  for (let place = trials.length; place < lengths.length; place++) {
    const deadline = shareOf(options.deadline, lengths.length - place);
    using training = new Training(engine, dataset, networkOf(place), { ...options, deadline });
    const tell = () => onState?.({ trials, winner, training: training.state() });
    try {
      if (begun) training.restore(begun);
      begun = undefined;
      training.onEpoch = tell;
      onTraining?.(training);
      for await (const _epoch of training);
      onTrained?.(training);
      const { history, bestEpoch } = training;
      const { metrics, standardErrors } = history.findLast(({ best }) => best)!, last = history.at(-1)!;
      const value = metrics[options.metric];
      if (value > Math.max(-Infinity, ...trials.map((trial) => trial.value))) winner = training.state();
      trials.push({
        shortTermLength: lengths[place],
        value,
        standardError: standardErrors?.[options.metric],
        bestEpoch,
        epochs: epochsDone(last),
        seconds: last.seconds,
      });
      await onState?.({ trials, winner });
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      await tell();
      throw stoppedAt(
        `candidate ${place + 1} of ${names.length}, ${candidateLabel(names[place])}`,
        onState,
        error,
      );
    }
  }
  const sorted = trials.toSorted((a, b) => b.value - a.value);
  const found = exhaustiveWithDisplay({
    trials,
    winner: winner!,
    architecture: architectureWithDisplay({
      shortTermLength: sorted[0].shortTermLength,
      lengths: trials.map(({ shortTermLength }) => shortTermLength),
      alpha: [],
      probabilities: [],
      entropy: 0,
      margin: sorted.length > 1 ? sorted[0].value - sorted[1].value : 0,
      clear: isClear(sorted),
      rule: "argmax",
      method: "exhaustive",
    }),
  }, options.metric);
  // Replaces the curves of the last training.
  await contextOf(options).progress.grow?.({ of: found, draw: () => displayOf(found) }, "ended");
  return found;
}

/**
 * A training's own message says how to resume it, but callers here have no access to that training: only what
 * `onState` was given is kept.
 */
function stoppedAt(
  candidate: string,
  onState: ExhaustiveHooks["onState"],
  { cause }: Interrupted,
): Interrupted {
  const state = onState
    ? "what was learnt so far is kept"
    : "nothing of the search is kept: with the hook onState it tells what it can go on from";
  const stopped = new Interrupted(`Stopped while training ${candidate}; ${state}`, { cause });
  if (onState) stopped.goesOn = "search again from what onState was told last";
  return stopped;
}

/** Minimum lead that matters, as a share of the metric. */
const PRACTICAL_SHARE = 0.002;

/**
 * Whether the best of the sorted trials is better than every other by more than two standard errors and by more than
 * what matters in practice. All trials have the same users, so the true error of a difference is smaller than assumed
 * here.
 */
function isClear([best, ...others]: readonly Trial[]): boolean {
  return others.every(({ value, standardError }) => {
    if (best.standardError === undefined || standardError === undefined) return false;
    const lead = best.value - value;
    return lead > 2 * Math.hypot(best.standardError, standardError) && lead > PRACTICAL_SHARE * best.value;
  });
}

/**
 * Checks that the state to resume from has trials of these candidates.
 *
 * @throws {InputError} if they are other trials, or the best of them is missing.
 */
function checkFrom(
  { trials, winner }: ExhaustiveState,
  names: readonly string[],
  specsOf: (place: number) => readonly ParameterSpec[],
): void {
  const done = trials.map(({ shortTermLength }) => String(shortTermLength));
  if (done.some((name, place) => name !== names[place])) {
    throw new InputError(
      `Cannot resume trials of the lengths ${done.join(", ")}: the candidates are ${names.join(", ")}; ` +
        "remove the trials to search again",
    );
  }
  if (trials.length === 0) return;
  const best = trials.reduce((best, { value }, place) => value > trials[best].value ? place : best, 0);
  // A process that was killed in between may have kept a winner that is not yet among the trials.
  const possible = trials.length < names.length ? [best, trials.length] : [best];
  const shapes = new Map([...winner?.optimizer.tensors ?? []].map(([name, { shape }]) => [name, shape]));
  if (!possible.some((place) => !shapeProblem(specsOf(place), shapes))) {
    throw new InputError(
      `Cannot resume the trials: the training that was kept is not that of the best, k = ${names[best]}; ` +
        "remove the trials to search again",
    );
  }
}

/** The deadline for the first of `parts` equal shares of the time until `deadline`. */
function shareOf(deadline: number | undefined, parts: number): number | undefined {
  if (deadline === undefined) return undefined;
  const now = performance.now();
  return now + (deadline - now) / parts;
}
