/**
 * Checkpoints: the state of a search or a training, as tensors and plain data.
 *
 * Tensors are named `values/NAME`, `first/NAME`, `second/NAME` (Adam's moments) and `best/NAME`.
 *
 * @module
 */
import type { Checkpoint } from "../run/folder.ts";
import type { SavedTensor } from "../run/safetensors.ts";
import type { SearchState } from "../search/state.ts";
import type { OptimizerState } from "./optimizer.ts";
import type { TrainingState } from "./state.ts";

type Tensors = Map<string, SavedTensor>;

function packOptimizer({ tensors }: OptimizerState): Tensors {
  const packed: Tensors = new Map();
  for (const [name, { shape, values, first, second }] of tensors) {
    packed.set(`values/${name}`, { shape, values });
    packed.set(`first/${name}`, { shape, values: first });
    packed.set(`second/${name}`, { shape, values: second });
  }
  return packed;
}

/** The tensors whose names begin with a prefix, by the rest of the name. */
const under = (tensors: Checkpoint["tensors"], prefix: string) =>
  [...tensors].filter(([name]) => name.startsWith(prefix))
    .map(([name, tensor]) => [name.slice(prefix.length), tensor] as const);

function unpackOptimizer(tensors: Checkpoint["tensors"], step: number): OptimizerState {
  const moment = (kind: string, name: string) => tensors.get(`${kind}/${name}`)!.values;
  return {
    step,
    tensors: new Map(
      under(tensors, "values/").map(([name, { shape, values }]) => [
        name,
        { shape, values, first: moment("first", name), second: moment("second", name) },
      ]),
    ),
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

/** The state of a training, as it was saved. */
export function unpackTraining({ tensors, state }: Checkpoint): TrainingState {
  const { step, ...rest } = state as Omit<TrainingState, "optimizer" | "best"> & { step: number };
  const best = under(tensors, "best/").map(([name, { values }]) => [name, values] as const);
  return {
    ...rest,
    optimizer: unpackOptimizer(tensors, step),
    best: best.length > 0 ? new Map(best) : undefined,
  };
}

/** The state of a search, to be saved. */
export function packSearch({ optimizer, ...rest }: SearchState): Checkpoint {
  return { tensors: packOptimizer(optimizer), state: { ...rest, step: optimizer.step } };
}

/** The state of a search, as it was saved. */
export function unpackSearch({ tensors, state }: Checkpoint): SearchState {
  const { step, ...rest } = state as Omit<SearchState, "optimizer"> & { step: number };
  return { ...rest, optimizer: unpackOptimizer(tensors, step) };
}
