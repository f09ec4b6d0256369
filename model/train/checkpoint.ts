/**
 * Checkpoints: the state of a search or a training, as tensors and plain data.
 *
 * Tensors are named `values/NAME`, `first/NAME`, `second/NAME` (Adam's moments) and `best/NAME`. What is unpacked hangs together in
 * itself; whether it is of the network that goes on from it, `restore` checks.
 *
 * @module
 */
import { notFinite } from "../layers/expected.ts";
import type { Checkpoint } from "../run/folder.ts";
import type { SavedTensor } from "../run/safetensors.ts";
import type { SearchState } from "../search/state.ts";
import {
  damagedCheckpoint,
  parseState,
  searchStateSchema,
  trainingStateSchema,
  trialStateSchema,
} from "./checkpoint_state.ts";
import type { OptimizerState } from "./optimizer.ts";
import type { TrainingState } from "./state.ts";

type Tensors = Map<string, SavedTensor>;

/** What a checkpoint is called if nobody says where it is from. */
const SOMEWHERE = "the checkpoint";

const KINDS = ["values", "first", "second", "best"] as const;
type Kind = (typeof KINDS)[number];

function packOptimizer({ tensors }: OptimizerState): Tensors {
  const packed: Tensors = new Map();
  for (const [name, { shape, values, first, second }] of tensors) {
    packed.set(`values/${name}`, { shape, values });
    packed.set(`first/${name}`, { shape, values: first });
    packed.set(`second/${name}`, { shape, values: second });
  }
  return packed;
}

/** The tensors of each kind, by parameter name. */
function byKind(tensors: Checkpoint["tensors"], from: string): Record<Kind, Tensors> {
  const found = Object.fromEntries(KINDS.map((kind) => [kind, new Map()])) as Record<Kind, Tensors>;
  for (const [path, tensor] of tensors) {
    const [, kind, name] = /^(\w+)\/(.*)$/s.exec(path) ?? [];
    if (!Object.hasOwn(found, kind ?? "")) throw damagedCheckpoint(from, `it has a tensor "${path}"`);
    found[kind as Kind].set(name, tensor);
  }
  const bad = notFinite([...tensors].map(([path, { values }]) => [path, values]));
  if (bad !== undefined) throw damagedCheckpoint(from, `not all of "${bad}" are finite numbers`);
  for (const [name, { values }] of found.second) {
    if (values.some((square) => square < 0)) {
      throw damagedCheckpoint(from, `a square in "second/${name}" is negative`);
    }
  }
  return found;
}

/** Each of the values has one of another kind, of its shape, and there are no others. */
function checkAlike(kind: Kind, { values, [kind]: others }: Record<Kind, Tensors>, from: string): void {
  const odd = [...values].find(([name, { shape }]) => others.get(name)?.shape.join() !== shape.join())?.[0] ??
    [...others.keys()].find((name) => !values.has(name));
  if (odd !== undefined) {
    throw damagedCheckpoint(from, `"${kind}/${odd}" is not there, or not like its values`);
  }
}

function unpackOptimizer(tensors: Record<Kind, Tensors>, step: number, from: string): OptimizerState {
  const { values, first, second } = tensors;
  checkAlike("first", tensors, from);
  checkAlike("second", tensors, from);
  return {
    step,
    tensors: new Map([...values].map(([name, tensor]) => [
      name,
      { ...tensor, first: first.get(name)!.values, second: second.get(name)!.values },
    ])),
  };
}

/** The state of a training, to be saved. */
export function packTraining({ optimizer, best, ...rest }: TrainingState): Checkpoint {
  const tensors = packOptimizer(optimizer);
  for (const [name, values] of best ?? []) {
    tensors.set(`best/${name}`, { shape: optimizer.tensors.get(name)!.shape, values });
  }
  return { tensors, state: { ...rest, step: optimizer.step } };
}

/**
 * The state of a training, as it was saved.
 *
 * @param from Where it is from, for messages.
 * @throws {InputError} if it is damaged.
 */
export function unpackTraining({ tensors, state }: Checkpoint, from: string = SOMEWHERE): TrainingState {
  const { step, ...rest } = parseState(trainingStateSchema, state, from);
  const found = byKind(tensors, from), { best } = found;
  const optimizer = unpackOptimizer(found, step, from);
  if (best.size > 0 || rest.bestEpoch > 0) checkAlike("best", found, from);
  if (rest.bestEpoch === 0 && best.size > 0) {
    throw damagedCheckpoint(from, "bestEpoch: 0, but there is a best epoch");
  }
  return {
    ...rest,
    optimizer,
    best: best.size > 0 ? new Map([...best].map(([name, { values }]) => [name, values])) : undefined,
  };
}

/** The state of one training of an exhaustive search, to be saved. */
export function packTrial(trial: number, training: TrainingState): Checkpoint {
  const { tensors, state } = packTraining(training);
  return { tensors, state: { ...state as object, trial } };
}

/**
 * The state of one training of an exhaustive search, as it was saved, and the place of its candidate.
 *
 * @param from Where it is from, for messages.
 * @throws {InputError} if it is damaged.
 */
export function unpackTrial(
  checkpoint: Checkpoint,
  from: string = SOMEWHERE,
): { trial: number; training: TrainingState } {
  const { trial } = parseState(trialStateSchema, checkpoint.state, from);
  return { trial, training: unpackTraining(checkpoint, from) };
}

/** The state of a search, to be saved. */
export function packSearch({ optimizer, ...rest }: SearchState): Checkpoint {
  return { tensors: packOptimizer(optimizer), state: { ...rest, step: optimizer.step } };
}

/**
 * The state of a search, as it was saved.
 *
 * @param from Where it is from, for messages.
 * @throws {InputError} if it is damaged.
 */
export function unpackSearch({ tensors, state }: Checkpoint, from: string = SOMEWHERE): SearchState {
  const { step, ...rest } = parseState(searchStateSchema, state, from);
  const found = byKind(tensors, from);
  if (found.best.size > 0) throw damagedCheckpoint(from, "a search has no best epoch");
  return { ...rest, optimizer: unpackOptimizer(found, step, from) };
}
