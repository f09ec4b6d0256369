/**
 * The SRSMLP layer, `model/layers/srsmlp.ts`; sequences come first here, [B, n, D].
 *
 * @module
 */
import { EPSILON, type SrsmlpShape } from "../../layers/srsmlp.ts";
import type { Graph, Value } from "../graph.ts";
import { add, dense, gelu, layerNorm, newest, transpose } from "../ops.ts";

/**
 * One layer over the newest n places.
 *
 * @param x [B, T, D], T ≥ n
 * @returns [B, n, D], or [B, 1, D] if the layer returns only its newest position.
 */
export function srsmlp(g: Graph, { name, length, dim, lastOnly }: SrsmlpShape, x: Value): Value {
  const places = newest(g, x, length);
  const affine = { gain: `${name}.sequence.gain`, bias: `${name}.sequence.bias` };
  const channels = transpose(g, layerNorm(g, places, dim, EPSILON, affine), 0, 2, 1); // [B, D, n]
  const across = mlp(g, channels, `${name}.sequence`, ["w1", "b1", "w2", "b2"]);
  const mixed = add(g, lastOnly ? newest(g, x, 1) : places, transpose(g, across, 0, 2, 1));
  const normal = layerNorm(g, mixed, dim, EPSILON);
  return add(g, mixed, mlp(g, normal, `${name}.channel`, ["w3", "b3", "w4", "b4"]));
}

/** W² g(W¹ x + b¹) + b² along the last axis. */
function mlp(g: Graph, x: Value, name: string, [w1, b1, w2, b2]: [string, string, string, string]): Value {
  const hidden = gelu(g, dense(g, x, `${name}.${w1}`, `${name}.${b1}`));
  return dense(g, hidden, `${name}.${w2}`, `${name}.${b2}`);
}
