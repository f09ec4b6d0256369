/**
 * Scaled dot-product attention over sequences, with its gradient.
 *
 * @module
 */
import type { Tensor2D, Tensor3D } from "./tensor.ts";

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

/** Attention, and its gradient, which computes the weights again. */
export interface AttentionKernels {
  /**
   * softmax(q kᵀ / √(D / heads)) v for each head; zero where a position sees none.
   *
   * @param q [T, B, D], and so are k, v and what comes out.
   */
  attention(q: Tensor3D, k: Tensor3D, v: Tensor3D, settings: AttentionSettings): Tensor3D;

  /** The gradient of {@link AttentionKernels.attention}. */
  attentionGrad(
    dy: Tensor3D,
    q: Tensor3D,
    k: Tensor3D,
    v: Tensor3D,
    settings: AttentionSettings,
  ): { dq: Tensor3D; dk: Tensor3D; dv: Tensor3D };
}
