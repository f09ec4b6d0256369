/**
 * Checks whether tensors from outside are those of a network.
 *
 * @module
 */
import type { ParameterSpec } from "./parameters.ts";

/**
 * Says what is wrong with a set of tensors, as in `there is no tensor "output.bo"`; undefined if they are the specified ones, of the
 * specified shapes, and no others.
 *
 * @param shapes Shapes by tensor name.
 */
export function shapeProblem(
  specs: readonly Pick<ParameterSpec, "name" | "shape">[],
  shapes: ReadonlyMap<string, readonly number[]>,
): string | undefined {
  for (const { name, shape } of specs) {
    const found = shapes.get(name), [is, should] = [found, shape].map((sizes) => sizes?.join(" × "));
    if (!found) return `there is no tensor "${name}" of shape ${should}`;
    if (is !== should) return `tensor "${name}" has the shape ${is}, not ${should}`;
  }
  if (shapes.size === specs.length) return undefined;
  const known = new Set(specs.map(({ name }) => name));
  return `there is a tensor "${
    [...shapes.keys()].find((name) => !known.has(name))
  }", which the network has not`;
}

/** Returns the name of the first tensor that has an infinite or NaN value; undefined if all values are finite. */
export function notFinite(
  tensors: Iterable<readonly [name: string, values: Float32Array]>,
): string | undefined {
  for (const [name, values] of tensors) {
    for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return name;
  }
  return undefined;
}
