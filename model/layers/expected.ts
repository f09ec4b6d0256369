/**
 * Whether tensors from outside are the ones that a network has.
 *
 * @module
 */
import type { ParameterSpec } from "./parameters.ts";

/**
 * What is wrong with a set of tensors, as in `there is no tensor "output.bo"`; undefined if they are the specified ones, of the
 * specified shapes, and no others.
 *
 * @param shapes By name.
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

/** The name of the first tensor in which a number is infinite or none; undefined if all are numbers. */
export function notFinite(
  tensors: Iterable<readonly [name: string, values: Float32Array]>,
): string | undefined {
  for (const [name, values] of tensors) {
    for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return name;
  }
  return undefined;
}
