/**
 * Continues a search with other candidates, data or settings.
 *
 * @module
 */
import { contextOf } from "../../pipeline/contract/context.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { silent } from "../../pipeline/contract/progress.ts";
import type { ParameterSpec } from "../layers/parameters.ts";
import type { NetworkConfig } from "../methods/automlp/config.ts";
import { modelParameters } from "../methods/automlp/network.ts";
import { candidateNames, type Candidates } from "../records/candidates.ts";
import type { OptimizerState } from "../train/optimizer.ts";
import { sameParts } from "../train/order.ts";
import { beginWithWeights } from "../train/start_from.ts";
import type { Training } from "../train/training.ts";
import { sameData, sameNetwork, warmStartWeights } from "../train/warm_start.ts";
import type { AlphaState } from "./alpha.ts";
import type { SearchOptions, SearchState } from "./state.ts";

/** What is needed of a search to continue from it. */
interface Searched extends Candidates {
  dataset: SequenceDataset;
  config: NetworkConfig;
  specs: readonly ParameterSpec[];
  options: SearchOptions;
  /** Number of steps in an epoch. */
  steps: { epoch: number };
  state(): SearchState;
}

/**
 * Returns the state that `to`, a new search, begins with: everything of `from` that fits. The history continues if
 * the candidates are the same; the place in the data, if the rows and their order are the same; the comparison, if
 * the network is the same as well.
 *
 * @throws {InputError} if the two have no item in common.
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

/** α of the candidates, identified by name. Those that stay keep it; new ones begin at its mean, or at 0 if none stays, without moments. */
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
 * Gives the searched weights to a training that has not begun: the embedding, the long-term module, the selected
 * short-term module and the output layer. Moments begin at zero, and Adam with its first step.
 *
 * The paper retrains from fresh weights.
 */
export function warmStartSelected(
  { dataset, config, state }: { dataset: SequenceDataset; config: NetworkConfig; state: OptimizerState },
  training: Training,
): void {
  const specs = modelParameters(config);
  const values = new Map([...state.tensors].map(([name, { values }]) => [name, values]));
  beginWithWeights(training, { dataset, specs, values }, silent);
}
