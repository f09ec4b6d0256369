/**
 * The tensors of a checkpoint: `values/NAME`, `first/NAME`, `second/NAME` (Adam's moments), `average/NAME` if there
 * is a moving average, and `best/NAME`.
 *
 * @module
 */
import { notFinite } from "../layers/expected.ts";
import type { Checkpoint } from "../records/checkpoint.ts";
import type { SavedTensor } from "../records/safetensors.ts";
import { damagedCheckpoint } from "./checkpoint_state.ts";
import type { OptimizerState } from "./optimizer.ts";

type Tensors = Map<string, SavedTensor>;

/** The name of a checkpoint in messages if its origin is not given. */
export const SOMEWHERE = "the checkpoint";

const KINDS = ["values", "first", "second", "average", "best"] as const;
type Kind = (typeof KINDS)[number];

/** Packs the tensors of an optimizer's state. */
export function packOptimizer({ tensors, average }: OptimizerState): Tensors {
  const packed: Tensors = new Map();
  for (const [name, { shape, values, first, second }] of tensors) {
    packed.set(`values/${name}`, { shape, values });
    packed.set(`first/${name}`, { shape, values: first });
    packed.set(`second/${name}`, { shape, values: second });
    if (average) packed.set(`average/${name}`, { shape, values: average.get(name)! });
  }
  return packed;
}

/** Groups the tensors by kind, each by parameter name. */
export function byKind(tensors: Checkpoint["tensors"], from: string): Record<Kind, Tensors> {
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

/** Checks that the tensors of another kind match the values in names and shapes. */
export function checkAlike(
  kind: Kind,
  { values, [kind]: others }: Record<Kind, Tensors>,
  from: string,
): void {
  const odd = [...values].find(([name, { shape }]) => others.get(name)?.shape.join() !== shape.join())?.[0] ??
    [...others.keys()].find((name) => !values.has(name));
  if (odd !== undefined) {
    throw damagedCheckpoint(from, `"${kind}/${odd}" is not there, or not like its values`);
  }
}

/** Makes an optimizer's state from its tensors, as grouped by {@link byKind}. */
export function unpackOptimizer(tensors: Record<Kind, Tensors>, step: number, from: string): OptimizerState {
  const { values, first, second, average } = tensors;
  checkAlike("first", tensors, from);
  checkAlike("second", tensors, from);
  if (average.size > 0) checkAlike("average", tensors, from);
  return {
    step,
    ...(average.size > 0 && { average: new Map([...average].map(([name, { values }]) => [name, values])) }),
    tensors: new Map([...values].map(([name, tensor]) => [
      name,
      { ...tensor, first: first.get(name)!.values, second: second.get(name)!.values },
    ])),
  };
}
