/**
 * Recurrent layers over whole sequences, each with its gradient.
 *
 * @module
 */
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from "./tensor.ts";

/**
 * Weights of a recurrent layer, or their gradients, as in PyTorch: the rows of the gates one after the other, r, z, n for
 * a GRU (G = 3), i, f, g, o for an LSTM (G = 4).
 */
export interface RecurrentWeights {
  /** Weights of the input, [G·H, D]. */
  wx: Tensor2D;
  /** Weights of the state, [G·H, H]. */
  wh: Tensor2D;
  /** Added to the input's product, [G·H]. */
  bx: Tensor1D;
  /** Added to the state's product, [G·H]. */
  bh: Tensor1D;
}

/** The result of a recurrent layer. */
export interface Recurred {
  /** The state after each position, [T, B, H]. */
  y: Tensor3D;
  /** Tensors to keep for the gradient, in the engine's own form. */
  kept: Tensor[];
}

/**
 * Recurrent layers. The state before the first position is zero. `ids` [T, B], int32, are the items at the positions: 0
 * is padding, which leaves the state unchanged and gets no gradient; without ids nothing is padding.
 */
export interface RecurrentKernels {
  /**
   * Computes r = σ(Wr x + Ur h), z = σ(Wz x + Uz h), n = tanh(Wn x + r ⊙ (Un h)), h' = (1 − z) ⊙ n + z ⊙ h; biases are left
   * out here. The same as PyTorch's `nn.GRU`.
   *
   * @param x [T, B, D]
   */
  gru(x: Tensor3D, weights: RecurrentWeights, ids?: Tensor2D): Recurred;

  /**
   * Computes the gradient of {@link RecurrentKernels.gru} with respect to its input and weights.
   *
   * @param dy [T, B, H]
   * @param recurred The result of the forward pass.
   */
  gruGrad(
    dy: Tensor3D,
    x: Tensor3D,
    weights: RecurrentWeights,
    recurred: Recurred,
    ids?: Tensor2D,
  ): { dx: Tensor3D } & RecurrentWeights;

  /** Computes i, f, o = σ(W x + U h), g = tanh(Wg x + Ug h), c' = f ⊙ c + i ⊙ g, h' = o ⊙ tanh(c'), as PyTorch's `nn.LSTM` does. */
  lstm(x: Tensor3D, weights: RecurrentWeights, ids?: Tensor2D): Recurred;

  /** Computes the gradient of {@link RecurrentKernels.lstm} with respect to its input and weights. */
  lstmGrad(
    dy: Tensor3D,
    x: Tensor3D,
    weights: RecurrentWeights,
    recurred: Recurred,
    ids?: Tensor2D,
  ): { dx: Tensor3D } & RecurrentWeights;
}
