/**
 * The similarity of histories and items, `model/layers/similarity.ts`.
 *
 * @module
 */
import { TINY } from "../../layers/similarity.ts";
import type { Graph, Value } from "../graph.ts";
import { add, mul } from "../ops.ts";

/** Vectors [n, D] in the space where similarity is a dot product. */
export function similaritySpace(
  g: Graph,
  score: "dot" | "cosine",
  temperature: number,
  x: Value,
): Value {
  if (score === "dot") return x;
  const squares = g.apply("ReduceSum", [mul(g, x, x), g.whole(-1)], { keepdims: 1 });
  const length = g.apply("Sqrt", [add(g, squares, g.number(TINY))]);
  return mul(g, g.apply("Div", [x, length]), g.number(1 / Math.sqrt(temperature)));
}
