/**
 * The parts of a transformer over sequences: positions, self-attention, feed-forward block, and the block that normalises after each
 * residual.
 *
 * Source: Vaswani et al., "Attention is all you need" (NeurIPS 2017).
 *
 * @module
 */
import type { Activation } from "../backend/feed_forward.ts";
import type { Tensor2D } from "../backend/tensor.ts";
import type { Ids, Places, Value } from "../ops/ops.ts";
import { norm } from "./dense.ts";
import { bias, dense, type Layer, parametersOf, table } from "./parameters.ts";
import type { Pass } from "./pass.ts";

/** Vectors of positions, which are initially small. */
export interface Positions extends Layer {
  /** Adds to each row of x, [T · B, D], the vector of its position. */
  addTo(pass: Pass, x: Value<Tensor2D>, places: Places): Value<Tensor2D>;
}

/** Returns the vectors of `length` positions. */
export function positions(name: string, length: number, dim: number): Positions {
  const vectors = table(name, "positions", length, dim);
  return {
    parameters: [vectors],
    addTo: (pass, x, places) =>
      pass.ops.add(x, pass.ops.gather(pass.weight(vectors), pass.ops.positions(places))),
  };
}

/** The matrices of queries, keys and values. */
export interface SelfAttention extends Layer {
  /**
   * Computes Attention(x_q Wq, x Wk, x Wv).
   *
   * @param queries x_q, [T · B, D]
   * @param x [T · B, D]
   * @returns [T · B, D], the heads side by side.
   */
  apply(pass: Pass, queries: Value<Tensor2D>, x: Value<Tensor2D>, places: Places): Value<Tensor2D>;
}

/** Options of {@link selfAttention}. */
export interface AttentionShape {
  dim: number;
  heads: number;
  /** Whether a position sees only itself and earlier ones. */
  causal: boolean;
}

export function selfAttention(name: string, { dim, heads, causal }: AttentionShape): SelfAttention {
  const matrix = (w: string) => dense(`${name}.${w}`, dim, dim);
  const parts = { wq: matrix("wq"), wk: matrix("wk"), wv: matrix("wv") };
  return {
    parameters: Object.values(parts),
    apply: (pass, queries, x, { length, ids }) =>
      pass.ops.attention(queries, x, pass.weights(parts), { dim, heads, causal, length, ids }),
  };
}

/** A block of a transformer. */
export interface Block extends Layer {
  /**
   * @param x [T · B, D]
   * @param at [n] The requested rows: only these are computed after the attention. Default: all.
   * @returns [n, D]
   */
  apply(pass: Pass, x: Value<Tensor2D>, places: Places, at?: Ids): Value<Tensor2D>;
}

/**
 * Returns the block of the paper: A = LayerNorm(x + Dropout(MultiHead(x))), LayerNorm(A + Dropout(W2 g(W1 A + b1) + b2)), with 4 D hidden
 * units.
 */
export function transformerBlock(
  name: string,
  { activation, ...shape }: AttentionShape & { activation: Activation },
): Block {
  const { dim } = shape, hidden = 4 * dim;
  const attention = selfAttention(`${name}.attention`, shape),
    joining = dense(`${name}.attention.wo`, dim, dim);
  const attended = norm(`${name}.attention`, dim), fed = norm(`${name}.feed`, dim);
  const feed = {
    w1: dense(`${name}.feed.w1`, hidden, dim),
    b1: bias(`${name}.feed.b1`, hidden),
    w2: dense(`${name}.feed.w2`, dim, hidden),
    b2: bias(`${name}.feed.b2`, dim),
  };
  return {
    parameters: parametersOf(attention, joining, attended, ...Object.values(feed), fed),
    apply(pass, x, places, at) {
      const { ops } = pass;
      const asked = (rows: Value<Tensor2D>) => at ? ops.gather(rows, at) : rows;
      const heads = asked(attention.apply(pass, x, x, places));
      const joined = pass.dropout(ops.matMul(heads, pass.weight(joining), false, true));
      const a = attended.apply(pass, ops.add(asked(x), joined));
      const y = pass.dropout(ops.feedForward(a, pass.weights(feed), activation));
      return fed.apply(pass, ops.add(a, y));
    },
  };
}

/** Runs blocks one after the other; the last one computes only the requested rows. */
export const throughBlocks = (
  pass: Pass,
  blocks: readonly Block[],
  x: Value<Tensor2D>,
  places: Places & { at: Ids },
): Value<Tensor2D> =>
  blocks.reduce(
    (y, block, i) => block.apply(pass, y, places, i === blocks.length - 1 ? places.at : undefined),
    x,
  );
