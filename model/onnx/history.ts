/**
 * The histories that a model is given, in the form that networks expect.
 *
 * @module
 */
import type { Graph, Value } from "./graph.ts";
import { concat, newest } from "./ops.ts";

/**
 * Adds the input: dense item ids, oldest first, 0 in front of short histories; one or more histories, of any length.
 *
 * @param count Number of items.
 */
export function historyInput(g: Graph, count: number): Value {
  const items = g.input("items", "int64", ["batch", "length"]);
  // Negative numbers, which lookups return for unknown items, would count a table's rows from its end. A number
  // beyond the last row is an error.
  return g.apply("Where", [g.apply("Less", [items, g.whole(0)]), g.whole(count + 1), items]);
}

/** The newest `length` items of each history, [batch, length], with 0 in front of short ones. */
export function padded(g: Graph, items: Value, length: number): Value {
  const batch = g.apply("Shape", [items], { end: 1 });
  const zeros = g.apply("Expand", [g.whole(0), concat(g, [batch, g.whole(length)], 0)]);
  return newest(g, concat(g, [zeros, items], 1), length);
}
