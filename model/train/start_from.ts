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
import { strangeTo } from "../trained_on.ts";
import type { MethodConfig, TrainedNetwork } from "./method.ts";
import { methodOf } from "./methods.ts";
import type { OptimizerState } from "./optimizer.ts";
import type { TrainingState } from "./state.ts";
import { type Told, warmStartWeights } from "./warm_start.ts";
import type { DatasetPart } from "../../pipeline/contract/dataset/users_part.ts";
import { yieldToEventLoop } from "../../pipeline/contract/machine/event_loop.ts";
import { HELD_OUT, SPLITS } from "../../pipeline/contract/stage.ts";
import { itemRows, userRows } from "../vocabularies.ts";

/** Result of {@link learntTargets}. */
export interface LearntTargets {
  /** Number of validation and test interactions of users that both datasets have. */
  targets: number;
  /** Number of these that the earlier dataset has in its training part. */
  learnt: number;
}

/**
 * Counts the validation and test interactions of a dataset that are in the training part of an earlier one: same
 * user, same item, by original ids. If the user takes the item for the n-th time, the training part must have it n
 * times.
 */
export async function learntTargets(earlier: SequenceDataset, now: SequenceDataset): Promise<LearntTargets> {
  const isSame = earlier === now || earlier.manifest.hash === now.manifest.hash;
  if (isSame && earlier.heldOut.length === HELD_OUT.length) return { targets: 0, learnt: 0 };
  const items = itemRows(earlier, now), users = userRows(earlier, now);
  /** By user of the earlier dataset: the held-out items, as items of the earlier dataset, and how often the user has taken each by then. */
  const held = new Map<number, { item: number; time: number }[]>();
  let targets = 0, learnt = 0;
  for await (const { user, items: own, isTrain } of histories(now)) {
    const before = users[user];
    if (before < 0) continue;
    const times = new Map<number, number>(), asked: { item: number; time: number }[] = [];
    own.forEach((item, i) => {
      const time = counted(times, item);
      if (isTrain(i)) return;
      targets++;
      if (items[item] >= 0) asked.push({ item: items[item], time });
    });
    if (asked.length > 0) held.set(before, asked);
  }
  for await (const { user, items: own, isTrain } of histories(earlier)) {
    const asked = held.get(user);
    if (!asked) continue;
    const times = new Map<number, number>();
    own.forEach((item, i) => {
      if (isTrain(i)) counted(times, item);
    });
    learnt += asked.filter(({ item, time }) => (times.get(item) ?? 0) >= time).length;
  }
  return { targets, learnt };
}

/** Counts an item once more and returns its new count. */
function counted(times: Map<number, number>, item: number): number {
  const time = (times.get(item) ?? 0) + 1;
  times.set(item, time);
  return time;
}

/** One user's interactions, oldest first. */
interface History {
  user: number;
  items: Uint32Array;
  /** Whether the i-th interaction is in the training part. */
  isTrain(i: number): boolean;
}

/** The histories of all users, one part of the dataset after the other. */
async function* histories(dataset: SequenceDataset): AsyncGenerator<History> {
  for (const part of dataset.parts) {
    yield* historiesOf(part);
    if (dataset.parts.length > 1) await yieldToEventLoop(); // lets the memory of finished frames be freed
  }
}

function* historiesOf(part: DatasetPart): Generator<History> {
  const { offsets, items, splits } = part.sequences(), train = SPLITS.indexOf("train");
  for (let own = 1; own <= part.users; own++) {
    const [start, end] = [offsets[own], offsets[own + 1]];
    yield {
      user: part.firstUser + own - 1,
      items: items.subarray(start, end),
      isTrain: (i) => splits[start + i] === train,
    };
  }
}

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
