/**
 * The histories that a model is given, in the form that networks have them.
 *
 * @module
 */
import type { Graph, Value } from "./graph.ts";
import { concat, newest } from "./ops.ts";

/** The input: dense item ids, oldest first, 0 in front of short histories; any number of histories, of any length. */
export const historyInput = (g: Graph): Value => g.input("items", "int64", ["batch", "length"]);

/** The newest `length` items of each history, [batch, length], with 0 in front of short ones. */
export function padded(g: Graph, items: Value, length: number): Value {
  const batch = g.apply("Shape", [items], { end: 1 });
  const zeros = g.apply("Expand", [g.whole(0), concat(g, [batch, g.whole(length)], 0)]);
  return newest(g, concat(g, [zeros, items], 1), length);
}
