/**
 * Dilated causal convolution over time, `model/ops/convolution.ts`; sequences come first here, [B, T, D].
 *
 * @module
 */
import type { Graph, Value } from "../graph.ts";
import { mul, transpose } from "../ops.ts";

/**
 * y[t] = b + Σ w[taps − 1 − i] x[t − i · dilation], W [taps, E, D].
 *
 * @param there [B, T, 1]: 0 for padding, where x counts as zero and y is zero; otherwise 1.
 * @returns [B, T, E]
 */
export function convolution(
  g: Graph,
  name: string,
  x: Value,
  there: Value,
  taps: number,
  dilation: number,
): Value {
  const channels = transpose(g, mul(g, x, there), 0, 2, 1); // [B, D, T]
  const weight = transpose(g, g.weight(`${name}.w`), 1, 2, 0); // [E, D, taps]
  const settings = { kernel_shape: [taps], dilations: [dilation], pads: [(taps - 1) * dilation, 0] };
  const y = g.apply("Conv", [channels, weight, g.weight(`${name}.b`)], settings);
  return mul(g, transpose(g, y, 0, 2, 1), there);
}
