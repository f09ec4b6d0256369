/**
 * Self-attention over sequences, with its gradient.
 *
 * @module
 */
import type { Tensor2D, Tensor3D } from "./tensor.ts";

/** What turns vectors into queries, keys and values: [D, D] each, heads one after the other; a row is an output. */
export interface AttentionWeights {
  wq: Tensor2D;
  wk: Tensor2D;
  wv: Tensor2D;
}

/** How positions attend to each other. */
export interface AttentionSettings {
  /** Heads, of D / heads channels each. */
  heads: number;
  /** A position sees itself and older ones only; else all. */
  causal: boolean;
  /** [T, B], int32: 0 is padding, which sees nothing and is not seen. Without ids nothing is padding. */
  ids?: Tensor2D;
  /** Dropout of the weights after the softmax: which ones is a function of the seed and of (sequence, head, query, key). */
  dropout?: { rate: number; seed: number };
}

/** The gradients of {@link AttentionKernels.attention}. */
export interface AttentionGradients extends AttentionWeights {
  /** Of x; of both where queries are made of x too. */
  dx: Tensor3D;
  /** Of what queries are made of, where that is another tensor than x. */
  dQueries?: Tensor3D;
}

/** Self-attention, and its gradient, which computes the weights again. */
export interface AttentionKernels {
  /**
   * softmax(q kᵀ / √(D / heads)) v for each head, q = queries wqᵀ, k = x wkᵀ, v = x wvᵀ; zero where a position sees none.
   *
   * @param queries What queries are made of, [T, B, D], such as x.
   * @param x What keys and values are made of, [T, B, D].
   * @returns [T, B, D], the heads one beside the other.
   */
  attention(queries: Tensor3D, x: Tensor3D, weights: AttentionWeights, settings: AttentionSettings): Tensor3D;

  /** The gradient of {@link AttentionKernels.attention}. */
  attentionGrad(
    dy: Tensor3D,
    queries: Tensor3D,
    x: Tensor3D,
    weights: AttentionWeights,
    settings: AttentionSettings,
  ): AttentionGradients;
}
