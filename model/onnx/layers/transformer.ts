/**
 * The parts of a transformer over sequences, `model/layers/transformer.ts`; sequences come first here, [B, T, D].
 *
 * @module
 */
import type { Activation } from "../../backend/feed_forward.ts";
import { EPSILON } from "../../ops/ops.ts";
import type { Graph, Value } from "../graph.ts";
import { TYPES } from "../proto.ts";
import { add, dense, gelu, layerNorm, mul, newest, product, relu, reshape, transpose } from "../ops.ts";

/** Sizes that all parts of a network have in common. */
export interface Sizes {
  /** D */
  dim: number;
  /** T */
  length: number;
  heads: number;
}

/** LayerNorm of each place, over `dim` numbers. */
export const norm = (g: Graph, name: string, x: Value, dim: number): Value =>
  layerNorm(g, x, dim, EPSILON, { gain: `${name}.gain`, bias: `${name}.bias` });

/** x plus the vector of each position. */
export const withPositions = (g: Graph, name: string, x: Value): Value => add(g, x, g.weight(name));

/**
 * Which places see which, [B, 1, T, T]: padding sees nothing and is not seen by any place.
 *
 * @param ids [B, T]
 * @param causal Whether a place sees only itself and the places before it.
 */
export function sight(g: Graph, ids: Value, length: number, causal: boolean): Value {
  const there = g.apply("Cast", [ids], { to: TYPES.bool });
  const asking = reshape(g, there, 0, 1, length, 1), asked = reshape(g, there, 0, 1, 1, length);
  const both = g.apply("And", [asking, asked]);
  if (!causal) return both;
  const places = g.range(length);
  return g.apply("And", [both, g.apply("GreaterOrEqual", [reshape(g, places, length, 1), places])]);
}

/** Far below every score, but finite: with infinity, a place that sees nothing would have NaN as its shares. */
const UNSEEN = -1e30;

/** The places of sequences that are asked for, and what they see. */
export interface Places extends Sizes {
  /** [B, 1, T, T]: see {@link sight}. */
  seen: Value;
  /** The number of newest places that are asked for, Q. */
  asked: number;
}

/**
 * Attention(x_q Wq, x Wk, x Wv), zero for a place that sees nothing.
 *
 * @param queries [B, Q, D]: x_q.
 * @param x [B, T, D]
 * @returns [B, Q, D], the heads side by side.
 */
export function selfAttention(
  g: Graph,
  name: string,
  queries: Value,
  x: Value,
  { dim, heads, seen, asked }: Places,
): Value {
  const size = dim / heads;
  const byHead = (from: Value, weight: string, ...perm: number[]) =>
    transpose(g, reshape(g, product(g, from, `${name}.${weight}`), 0, -1, heads, size), ...perm);
  const q = byHead(queries, "wq", 0, 2, 1, 3),
    k = byHead(x, "wk", 0, 2, 3, 1),
    v = byHead(x, "wv", 0, 2, 1, 3);
  const scores = mul(g, g.apply("MatMul", [q, k]), g.number(1 / Math.sqrt(size))); // [B, H, Q, T]
  const sees = newest(g, seen, asked, 2);
  const shares = g.apply("Softmax", [g.apply("Where", [sees, scores, g.number(UNSEEN)])], { axis: -1 });
  const kept = g.apply("Where", [sees, shares, g.number(0)]);
  return reshape(g, transpose(g, g.apply("MatMul", [kept, v]), 0, 2, 1, 3), 0, -1, dim);
}

/**
 * The block of the paper: A = LayerNorm(x + MultiHead(x)), LayerNorm(A + W2 g(W1 A + b1) + b2).
 *
 * @param x [B, T, D]
 * @param activation g
 * @returns [B, Q, D]
 */
export function transformerBlock(
  g: Graph,
  name: string,
  x: Value,
  places: Places,
  activation: Activation,
): Value {
  const { dim, asked } = places, queries = newest(g, x, asked), attention = `${name}.attention`;
  const heads = selfAttention(g, attention, queries, x, places);
  const a = norm(g, attention, add(g, queries, product(g, heads, `${attention}.wo`)), dim);
  const activate = activation === "gelu" ? gelu : relu;
  const hidden = activate(g, dense(g, a, `${name}.feed.w1`, `${name}.feed.b1`));
  return norm(g, `${name}.feed`, add(g, a, dense(g, hidden, `${name}.feed.w2`, `${name}.feed.b2`)), dim);
}
