/**
 * Continues from a search, with other candidates, data or settings.
 *
 * @module
 */
import { contextOf } from "../../pipeline/contract/context.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import type { NetworkConfig } from "../automlp/network_config.ts";
import type { ParameterSpec } from "../layers/parameters.ts";
import type { Training } from "../train/training.ts";
import { sameData, type Trained, warmStartWeights } from "../train/warm_start.ts";
import type { AlphaState } from "./alpha.ts";
import type { SearchOptions, SearchState } from "./state.ts";

/** A search, as far as it can be resumed. */
interface Searched {
  dataset: SequenceDataset;
  config: NetworkConfig;
  specs: readonly ParameterSpec[];
  options: SearchOptions;
  state(): SearchState;
}

/**
 * The state that `to`, a new search, begins with: all that fits of `from`. The history continues where the candidates are the
 * same; the place in the data, where their rows and their order are.
 *
 * @throws {InputError} if no item is common to both.
 */
export function warmStartSearch(from: Searched, to: Searched): SearchState {
  const { progress } = contextOf(to.options);
  const before = from.state(), fresh = to.state();
  const { optimizer, alpha, calibration, train, validation, heldOut, comparison, history, sums, seconds } =
    before;
  const sameCandidates = from.config.candidates.join() === to.config.candidates.join();
  const sameOrder = sameData(from.dataset, to.dataset) &&
    (["seed", "batchSize", "alphaData"] as const).every((key) => from.options[key] === to.options[key]);
  return {
    optimizer: warmStartWeights(
      { dataset: from.dataset, specs: from.specs, state: optimizer },
      { dataset: to.dataset, specs: to.specs, state: fresh.optimizer },
      (message) => progress.warn(message),
    ),
    alpha: warmStartAlpha(from.config.candidates, alpha, to.config.candidates),
    calibration,
    train: sameOrder ? train : [train[0], 0],
    validation: sameOrder ? validation : [validation[0], 0],
    heldOut: sameOrder ? heldOut : [heldOut[0], 0],
    comparison: sameCandidates && sameOrder ? comparison : fresh.comparison,
    seconds,
    sums: sameCandidates && sameOrder ? sums : [0, 0, 0, 0],
    history: sameCandidates ? history : [],
  };
}

/** α of the candidates that stay; new ones begin at its mean, or at 0 where none stays, and have no moments yet. */
export function warmStartAlpha(
  before: readonly number[],
  { step, values, first, second }: AlphaState,
  candidates: readonly number[],
): AlphaState {
  const places = candidates.map((k) => before.indexOf(k)), kept = places.filter((i) => i >= 0);
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
 */
export function warmStartSelected(searched: Trained, training: Training): void {
  const fresh = training.state(), { dataset, specs } = training;
  const carried = warmStartWeights(searched, { dataset, specs, state: fresh.optimizer }, () => {});
  const tensors = new Map([...carried.tensors].map(([name, { shape, values }]) => {
    const none = new Float32Array(values.length);
    return [name, { shape, values, first: none, second: none.slice() }];
  }));
  training.restore({ ...fresh, optimizer: { step: 0, tensors } });
}
