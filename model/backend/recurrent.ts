/**
 * Recurrent layers over whole sequences, each with its gradient.
 *
 * @module
 */
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from "./tensor.ts";

/**
 * Weights of a recurrent layer, or their gradients, as PyTorch has them: the rows of the gates one after the other, r, z,
 * n of a GRU (G = 3), i, f, g, o of an LSTM (G = 4).
 */
export interface RecurrentWeights {
  /** By the input, [G·H, D]. */
  wx: Tensor2D;
  /** By the state, [G·H, H]. */
  wh: Tensor2D;
  /** Added to the input's product, [G·H]. */
  bx: Tensor1D;
  /** Added to the state's product, [G·H]. */
  bh: Tensor1D;
}

/** What a recurrent layer leaves. */
export interface Recurred {
  /** The state after each position, [T, B, H]. */
  y: Tensor3D;
  /** What its gradient wants to have kept, in a shape of the engine's own. */
  kept: Tensor[];
}

/**
 * Recurrent layers. The state before the first position is zero. `ids` [T, B], int32, are the items at the positions: 0
 * is padding, which leaves the state as it is and gets no gradient; without ids nothing is padding.
 */
export interface RecurrentKernels {
  /**
   * r = σ(Wr x + Ur h), z = σ(Wz x + Uz h), n = tanh(Wn x + r ⊙ (Un h)), h' = (1 − z) ⊙ n + z ⊙ h; biases left out
   * here. PyTorch's `nn.GRU`.
   *
   * @param x [T, B, D]
   */
  gru(x: Tensor3D, weights: RecurrentWeights, ids?: Tensor2D): Recurred;

  /**
   * The gradient of {@link RecurrentKernels.gru}, by its input and weights.
   *
   * @param dy [T, B, H]
   * @param recurred What the forward pass left.
   */
  gruGrad(
    dy: Tensor3D,
    x: Tensor3D,
    weights: RecurrentWeights,
    recurred: Recurred,
    ids?: Tensor2D,
  ): { dx: Tensor3D } & RecurrentWeights;

  /** i, f, o = σ(W x + U h), g = tanh(Wg x + Ug h), c' = f ⊙ c + i ⊙ g, h' = o ⊙ tanh(c'). PyTorch's `nn.LSTM`. */
  lstm(x: Tensor3D, weights: RecurrentWeights, ids?: Tensor2D): Recurred;

  /** The gradient of {@link RecurrentKernels.lstm}, by its input and weights. */
  lstmGrad(
    dy: Tensor3D,
    x: Tensor3D,
    weights: RecurrentWeights,
    recurred: Recurred,
    ids?: Tensor2D,
  ): { dx: Tensor3D } & RecurrentWeights;
}
