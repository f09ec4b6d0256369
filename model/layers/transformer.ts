/**
 * The parts of a transformer over sequences: positions, self-attention, feed-forward block, and the block that normalises after each
 * residual.
 *
 * Source: Vaswani et al., "Attention is all you need" (NeurIPS 2017).
 *
 * @module
 */
import type { Activation } from "../backend/feed_forward.ts";
import type { Tensor1D, Tensor2D } from "../backend/tensor.ts";
import { attention } from "../ops/attention.ts";
import { feedForward } from "../ops/feed_forward.ts";
import type { Value } from "../ops/tape.ts";
import { bias, dense, gain, type ParameterSpec } from "./parameters.ts";
import type { LayerPass } from "./pass.ts";

/** The sequences and positions that the rows of [T · B, D] belong to. */
export interface Places {
  /** Number of sequences, B. */
  size: number;
  /** Their length, T. */
  length: number;
  /** [T × B], time-major: 0 is padding. */
  ids: Int32Array;
}

/** Returns the gain and bias of a layer norm. */
export const normParameters = (name: string, dim: number): ParameterSpec[] => [
  gain(`${name}.gain`, dim),
  bias(`${name}.bias`, dim),
];

/** Applies LayerNorm to each row. */
export const norm = (pass: LayerPass, name: string, x: Value<Tensor2D>): Value<Tensor2D> =>
  pass.ops.layerNorm(x, pass.weight<Tensor1D>(`${name}.gain`), pass.weight<Tensor1D>(`${name}.bias`));

/** Returns the table of position vectors, which are initially small. */
export const positionParameters = (name: string, length: number, dim: number): ParameterSpec => ({
  name,
  shape: [length, dim],
  deviation: 0.02,
  rows: "positions",
});

/**
 * Adds to each row of x the vector of its position.
 *
 * @param x [T · B, D]
 */
export function withPositions(
  pass: LayerPass,
  name: string,
  x: Value<Tensor2D>,
  { size }: Places,
): Value<Tensor2D> {
  const positions = new Int32Array(x.shape[0]);
  for (let i = 0, t = 0; i < positions.length; i += size, t++) positions.fill(t, i, i + size);
  return pass.ops.add(x, pass.ops.gather(pass.weight(name), positions));
}

/** Returns the weight matrices of queries, keys and values. */
export const attentionParameters = (name: string, dim: number): ParameterSpec[] =>
  ["wq", "wk", "wv"].map((w) => dense(`${name}.${w}`, dim, dim));

/**
 * Computes Attention(x_q Wq, x Wk, x Wv).
 *
 * @param queries x_q, [T · B, D]
 * @param x [T · B, D]
 * @returns [T · B, D], the heads side by side.
 */
export function selfAttention(
  pass: LayerPass,
  name: string,
  queries: Value<Tensor2D>,
  x: Value<Tensor2D>,
  { heads, causal }: { heads: number; causal: boolean },
  { size, length, ids }: Places,
): Value<Tensor2D> {
  const [wq, wk, wv] = ["wq", "wk", "wv"].map((w) => pass.weight(`${name}.${w}`));
  return attention(pass.ops, queries, x, { wq, wk, wv }, { heads, causal, size, length, ids });
}

/** Returns W1, b1, W2 and b2 of a feed-forward block with `hidden` hidden units. */
export const feedForwardParameters = (name: string, dim: number, hidden: number): ParameterSpec[] => [
  dense(`${name}.w1`, hidden, dim),
  bias(`${name}.b1`, hidden),
  dense(`${name}.w2`, dim, hidden),
  bias(`${name}.b2`, dim),
];

/** Options of {@link transformerBlock}. */
export interface BlockShape {
  heads: number;
  /** Whether a position sees only itself and earlier ones. */
  causal: boolean;
  activation: Activation;
}

/** Returns the parameters of {@link transformerBlock}. */
export const blockParameters = (name: string, dim: number, hidden: number): ParameterSpec[] => [
  ...attentionParameters(`${name}.attention`, dim),
  dense(`${name}.attention.wo`, dim, dim),
  ...normParameters(`${name}.attention`, dim),
  ...feedForwardParameters(`${name}.feed`, dim, hidden),
  ...normParameters(`${name}.feed`, dim),
];

/**
 * Computes the block of the paper: A = LayerNorm(x + Dropout(MultiHead(x))), LayerNorm(A + Dropout(W2 g(W1 A + b1) + b2)).
 *
 * @param x [T · B, D]
 * @param at [n] The requested rows: only these are computed after the attention. Default: all.
 * @returns [n, D]
 */
export function transformerBlock(
  pass: LayerPass,
  name: string,
  x: Value<Tensor2D>,
  { activation, ...attentive }: BlockShape,
  places: Places,
  at?: Int32Array,
): Value<Tensor2D> {
  const { ops } = pass, weight = (part: string) => pass.weight(`${name}.${part}`);
  const vector = (part: string) => pass.weight<Tensor1D>(`${name}.${part}`);
  const asked = (rows: Value<Tensor2D>) => at ? ops.gather(rows, at) : rows;
  const heads = asked(selfAttention(pass, `${name}.attention`, x, x, attentive, places));
  const joined = pass.dropout(ops.matMul(heads, weight("attention.wo"), false, true));
  const a = norm(pass, `${name}.attention`, ops.add(asked(x), joined));
  const weights = {
    w1: weight("feed.w1"),
    b1: vector("feed.b1"),
    w2: weight("feed.w2"),
    b2: vector("feed.b2"),
  };
  const fed = pass.dropout(feedForward(ops, a, weights, activation));
  return norm(pass, `${name}.feed`, ops.add(a, fed));
}
