/**
 * Self-attention over sequences, with its gradient.
 *
 * @module
 */
import type { Tensor2D, Tensor3D } from "./tensor.ts";

/** Weights that turn vectors into queries, keys and values: [D, D] each, heads one after the other; each row is an output. */
export interface AttentionWeights {
  wq: Tensor2D;
  wk: Tensor2D;
  wv: Tensor2D;
}

/** How positions attend to each other. */
export interface AttentionSettings {
  /** Number of heads, each of D / heads channels. */
  heads: number;
  /** Whether a position sees only itself and older ones; otherwise it sees all. */
  causal: boolean;
  /** [T, B], int32: 0 is padding, which sees nothing and is not seen. Without ids nothing is padding. */
  ids?: Tensor2D;
  /** Dropout of the weights after the softmax; the choice is a function of the seed and of (sequence, head, query, key). */
  dropout?: { rate: number; seed: number };
}

/** The gradients of {@link AttentionKernels.attention}. */
export interface AttentionGradients extends AttentionWeights {
  /** Gradient of x, including that of the queries if they are computed from x. */
  dx: Tensor3D;
  /** Gradient of the tensor that queries are computed from, if it is not x. */
  dQueries?: Tensor3D;
}

/** Self-attention, and its gradient, which recomputes the weights. */
export interface AttentionKernels {
  /**
   * Computes softmax(q kᵀ / √(D / heads)) v for each head, q = queries wqᵀ, k = x wkᵀ, v = x wvᵀ; zero if a position sees none.
   *
   * @param queries Tensor that queries are computed from, [T, B, D], such as x.
   * @param x Tensor that keys and values are computed from, [T, B, D].
   * @returns [T, B, D], the heads side by side.
   */
  attention(queries: Tensor3D, x: Tensor3D, weights: AttentionWeights, settings: AttentionSettings): Tensor3D;

  /** Computes the gradient of {@link AttentionKernels.attention}. */
  attentionGrad(
    dy: Tensor3D,
    queries: Tensor3D,
    x: Tensor3D,
    weights: AttentionWeights,
    settings: AttentionSettings,
  ): AttentionGradients;
}
