/**
 * The operations that layers consist of, with the same names as in `model/ops/`.
 *
 * @module
 */
import type { Graph, Value } from "./graph.ts";

export const add = (g: Graph, a: Value, b: Value): Value => g.apply("Add", [a, b]);
export const mul = (g: Graph, a: Value, b: Value): Value => g.apply("Mul", [a, b]);
export const relu = (g: Graph, x: Value): Value => g.apply("Relu", [x]);
/** x·Φ(x), exact and not one of its approximations. */
export const gelu = (g: Graph, x: Value): Value => g.apply("Gelu", [x]);
export const transpose = (g: Graph, x: Value, ...perm: number[]): Value =>
  g.apply("Transpose", [x], { perm });
/** Rows of a table by number, in the shape of the numbers. */
export const gather = (g: Graph, table: Value, rows: Value): Value => g.apply("Gather", [table, rows]);
/** Concatenates values along an axis; −1 is the last. */
export const concat = (g: Graph, values: readonly Value[], axis: number): Value =>
  values.length === 1 ? values[0] : g.apply("Concat", values, { axis });
/** Reshapes a value: a size of 0 is that of the input, −1 the rest. */
export const reshape = (g: Graph, x: Value, ...shape: number[]): Value =>
  g.apply("Reshape", [x, g.whole(...shape)]);

/** The last `n` places of an axis, or all if there are fewer. */
export const newest = (g: Graph, x: Value, n: number, axis = 1): Value =>
  g.apply("Slice", [x, g.whole(-n), g.whole(Number.MAX_SAFE_INTEGER), g.whole(axis)]);
