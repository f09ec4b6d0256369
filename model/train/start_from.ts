/**
 * Begins a training with the weights of a trained model: yesterday's model learns from today's data.
 *
 * @module
 */
import { hasMembers, type Wanted } from "../../pipeline/contract/options/arguments.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { formatCell } from "../../pipeline/display/table.ts";
import { countOf } from "../../pipeline/display/text/units.ts";
import type { ParameterSpec } from "../layers/parameters.ts";
import { learntTargets } from "./learnt_targets.ts";
import { strangeTo } from "../trained_on.ts";
import type { MethodConfig, TrainedNetwork } from "./method.ts";
import { methodOf } from "./methods.ts";
import type { OptimizerState } from "./optimizer.ts";
import type { TrainingState } from "./state.ts";
import { type Told, warmStartWeights } from "./warm_start.ts";

/** A trained model and the dataset that it learnt from. {@link train} begins with them if its option `startFrom` is set. */
export interface StartFrom {
  /** A model of the same method. */
  model: TrainedNetwork;
  /** The model's own dataset: items, users and features are matched by their names in it. */
  dataset: SequenceDataset;
}

/** The value of `startFrom`, as an argument. */
export const START_FROM: Wanted = {
  what: "a model and the dataset that it was trained on, as in startFrom: { model, dataset: yesterday }",
  fits: (value) => hasMembers(value, "model", "dataset"),
};

/** What is needed of a training to give it weights before it begins. */
interface Fresh {
  config: MethodConfig;
  dataset: SequenceDataset;
  specs: readonly ParameterSpec[];
  state(): TrainingState;
  restore(state: TrainingState): void;
}

/** Weights that were learnt elsewhere. */
interface Learnt {
  dataset: SequenceDataset;
  specs: readonly ParameterSpec[];
  /** Values by name, for everything in `specs`. */
  values: ReadonlyMap<string, Float32Array>;
}

/**
 * Gives a training that has not begun all weights that fit it. Moments begin at zero, and Adam with its first step.
 *
 * @param told Told what starts from scratch.
 * @throws {InputError} if the two datasets have no item in common.
 */
export function beginWithWeights(training: Omit<Fresh, "config">, learnt: Learnt, told: Told): void {
  const fresh = training.state(), { dataset, specs } = training;
  const optimizer = warmStartWeights(
    { dataset: learnt.dataset, specs: learnt.specs, state: withoutMoments(learnt) },
    { dataset, specs, state: fresh.optimizer },
    told,
  );
  training.restore({ ...fresh, optimizer });
}

function withoutMoments({ specs, values }: Learnt): OptimizerState {
  const tensors: OptimizerState["tensors"] = new Map();
  for (const { name, shape } of specs) {
    const own = values.get(name)!, none = new Float32Array(own.length);
    tensors.set(name, { shape: [...shape], values: own, first: none, second: none.slice() });
  }
  return { step: 0, tensors };
}

/**
 * Gives a training that has not begun the weights of a trained model. Items, users and feature values that the model
 * does not know, and tensors of other sizes, start from scratch.
 *
 * @param start A model of the same method.
 * @param from The name of the model in messages.
 * @param told Told what starts from scratch, and whether the model learnt from data that the training is evaluated
 * on.
 * @throws {InputError} if the datasets have no item in common, the model does not belong to the dataset given with
 * it, or has another number of networks.
 */
export async function startFromModel(
  training: Fresh,
  { model, dataset }: StartFrom,
  from: string,
  told: Told,
): Promise<void> {
  const { items } = model.config as { items?: number };
  const strange = strangeTo(model, dataset, items);
  if (strange !== undefined) {
    throw new InputError(
      `Cannot start from ${from}: ${strange}; give beside it the dataset that it was trained on, as in startFrom: { model, dataset: yesterday }`,
    );
  }
  checkSameNetworks(training.config, model.config, from);
  const { learnt, targets } = await learntTargets(dataset, training.dataset);
  if (learnt > 0) {
    told.warn(
      `${formatCell(learnt)} of ${
        formatCell(targets)
      } validation and test interactions are among those that ${from} learnt from: figures will be better than they should; ` +
        "prepare data that go on where the earlier ones end, or train from scratch",
    );
  }
  beginWithWeights(training, { dataset, specs: model.specs, values: model.values() }, told);
}

/**
 * Checks the number of networks: each network of an ensemble continues with its own weights.
 *
 * @throws {InputError} if a model has more or fewer networks than are to be trained.
 */
export function checkSameNetworks(
  { ensemble: wanted = 1 }: Pick<MethodConfig, "ensemble">,
  { ensemble: there = 1 }: Pick<MethodConfig, "ensemble">,
  from: string,
): void {
  if (wanted === there) return;
  throw new InputError(
    `Cannot start ${countOf(wanted, "network")} from ${from}: it has ${
      countOf(there, "network")
    }, each with weights of its own; give --ensemble ${there}`,
  );
}

/** @throws {InputError} if a model is of another method than the one to be trained. */
export function checkMethod(wanted: { method: string }, { config }: TrainedNetwork): void {
  if (config.method === wanted.method) return;
  const [own, other] = [wanted, config].map((one) => methodOf(one).title);
  throw new InputError(`Cannot start ${own} from the model: that is a model of ${other}`);
}
