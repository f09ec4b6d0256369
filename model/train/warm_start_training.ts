/**
 * Continues a training on other data or with other settings.
 *
 * @module
 */
import { contextOf } from "../../pipeline/contract/context.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import type { ParameterSpec } from "../layers/parameters.ts";
import { sameData, sameNetwork, warmStartWeights } from "./warm_start.ts";
import type { MethodConfig } from "./method.ts";
import { sameParts } from "./order.ts";
import type { TrainingOptions } from "./options.ts";
import type { TrainingState } from "./state.ts";

/** What is needed of a training to continue from it. */
interface Trained {
  dataset: SequenceDataset;
  config: MethodConfig;
  specs: readonly ParameterSpec[];
  options: TrainingOptions;
  /** Number of steps in an epoch. */
  steps: { epoch: number };
  state(): TrainingState;
}

/**
 * Returns the state that `to`, a new training, begins with: everything of `from` that fits. The best epoch and the
 * history continue if they can be compared with what follows; the place in the data, if rows and order are the same.
 *
 * @throws {InputError} if the datasets have no item in common.
 */
export function warmStartTraining(from: Trained, to: Trained): TrainingState {
  const { progress } = contextOf(to.options), before = from.state();
  const same = (...keys: (keyof TrainingOptions)[]) =>
    sameData(from.dataset, to.dataset) && from.dataset.heldOut.join() === to.dataset.heldOut.join() &&
    keys.every((key) => from.options[key] === to.options[key]);
  /** The mean loss of an epoch that only awaits its validation, all steps being done. */
  const lossAwaited = ({ batch, lossSum }: TrainingState) => batch === 0 ? lossSum / from.steps.epoch : 0;
  const begun = to.state(),
    place = same("seed", "batchSize") && sameParts(before, begun) && from.steps.epoch === to.steps.epoch
      ? { epoch: before.epoch, batch: before.batch, lossSum: before.lossSum }
      : { epoch: before.epoch, batch: 0, lossSum: lossAwaited(before) * to.steps.epoch };
  const comparable = same("metric", "protocol") && sameNetwork(from.config, to.config);
  const optimizer = warmStartWeights(
    { dataset: from.dataset, specs: from.specs, state: before.optimizer },
    { dataset: to.dataset, specs: to.specs, state: begun.optimizer },
    progress,
  );
  return {
    // The average of the old weights does not fit the new ones.
    optimizer: comparable ? { ...optimizer, average: before.optimizer.average } : optimizer,
    best: comparable ? before.best : undefined,
    bestEpoch: comparable ? before.bestEpoch : 0,
    ...(comparable ? place : { ...place, epoch: 0 }),
    ...(begun.parts && { parts: begun.parts }),
    seconds: before.seconds,
    history: comparable ? before.history : [],
  };
}
