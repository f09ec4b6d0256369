/**
 * Continues from a search, with other candidates, data or settings.
 *
 * @module
 */
import { contextOf } from "../../pipeline/contract/context.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { silent } from "../../pipeline/contract/progress.ts";
import type { ParameterSpec } from "../layers/parameters.ts";
import type { NetworkConfig } from "../automlp/network_config.ts";
import { modelParameters } from "../automlp/network.ts";
import { candidateNames, type Candidates } from "../records/candidates.ts";
import type { OptimizerState } from "../train/optimizer.ts";
import { sameParts } from "../train/order.ts";
import { beginWithWeights } from "../train/start_from.ts";
import type { Training } from "../train/training.ts";
import { sameData, sameNetwork, warmStartWeights } from "../train/warm_start.ts";
import type { AlphaState } from "./alpha.ts";
import type { SearchSpace } from "./space.ts";
import type { SearchOptions, SearchState } from "./state.ts";

/** A search, as far as it can be resumed. */
interface Searched extends Candidates {
  dataset: SequenceDataset;
  config: NetworkConfig;
  specs: readonly ParameterSpec[];
  options: SearchOptions;
  /** Of an epoch. */
  steps: { epoch: number };
  state(): SearchState;
}

/**
 * The state that `to`, a new search, begins with: all that fits of `from`. The history continues where the candidates are the
 * same; the place in the data, where their rows and their order are; what the candidates came to, where the network is the same, too.
 *
 * @throws {InputError} if no item is common to both.
 */
export function warmStartSearch(from: Searched, to: Searched): SearchState {
  const { progress } = contextOf(to.options);
  const before = from.state(), fresh = to.state();
  const { optimizer, alpha, calibration, train, validation, heldOut, comparison, history, sums, seconds } =
    before;
  const names = [from, to].map(candidateNames), sameCandidates = names[0].join() === names[1].join();
  const sameOrder = sameData(from.dataset, to.dataset) && from.steps.epoch === to.steps.epoch &&
    sameParts(before, fresh) &&
    (["seed", "batchSize", "alphaData", "targets"] as const).every((key) =>
      from.options[key] === to.options[key]
    );
  const comparable = sameCandidates && sameOrder && sameNetwork(from.config, to.config);
  return {
    optimizer: warmStartWeights(
      { dataset: from.dataset, specs: from.specs, state: optimizer },
      { dataset: to.dataset, specs: to.specs, state: fresh.optimizer },
      progress,
    ),
    alpha: warmStartAlpha(names[0], alpha, names[1]),
    calibration,
    train: sameOrder ? train : [train[0], 0],
    validation: sameOrder ? validation : [validation[0], 0],
    heldOut: sameOrder ? heldOut : [heldOut[0], 0],
    ...(fresh.parts && { parts: fresh.parts }),
    comparison: comparable ? comparison : fresh.comparison,
    seconds,
    sums: comparable ? sums : [0, 0, 0, 0],
    history: sameCandidates ? history : [],
  };
}

/** α of the candidates, named in words, that stay; new ones begin at its mean, or at 0 where none stays, and have no moments yet. */
export function warmStartAlpha(
  before: readonly string[],
  { step, values, first, second }: AlphaState,
  candidates: readonly string[],
): AlphaState {
  const places = candidates.map((name) => before.indexOf(name)), kept = places.filter((i) => i >= 0);
  const mean = kept.length > 0 ? kept.reduce((sum, i) => sum + values[i], 0) / kept.length : 0;
  const take = (numbers: number[], other: number) => places.map((i) => i >= 0 ? numbers[i] : other);
  return {
    step: kept.length > 0 ? step : 0,
    values: take(values, mean),
    first: take(first, 0),
    second: take(second, 0),
  };
}

/**
 * Gives a training that has not begun the searched weights of what it has: the embedding, the long-term module, the selected short-term
 * module and the output layer. Moments begin at zero, and Adam with its first step.
 *
 * The paper retrains from fresh weights.
 *
 * @param place Of the candidate that was selected.
 */
export function warmStartSelected(
  { dataset, space, state }: { dataset: SequenceDataset; space: SearchSpace; state: OptimizerState },
  place: number,
  training: Training,
): void {
  const { network } = space.places[place], specs = modelParameters(space.networks[network]);
  const { tensors } = space.stateOf(state, network);
  const values = new Map([...tensors].map(([name, { values }]) => [name, values]));
  beginWithWeights(training, { dataset, specs, values }, silent);
}
