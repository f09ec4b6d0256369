/**
 * The small operations that networks are built from; the larger ones have a file each. Each has a separate gradient function, so the tensor library records nothing:
 * AutoMLP's layers call the gradients themselves, other networks use the tape in `model/ops/`.
 *
 * Every function returns new tensors that the caller owns, and leaves nothing else behind. `first` and `last` name the
 * axis along which a bias runs: in [R, N] a bias [R] runs along the first, in [N, D] a bias [D] along the last. A `scale`
 * that an operation returns is what its gradient needs from the forward pass; the caller keeps it.
 *
 * @module
 */
import type { Tensor, Tensor1D, Tensor2D, Tf, Variable } from "./tensor.ts";

/** The axis along which a bias runs. */
export type Axis = "first" | "last";

/** Settings of {@link BasicKernels.adam}. */
export interface AdamSettings {
  /** Learning rate. */
  rate: number;
  /** Decay of the mean of gradients. */
  beta1: number;
  /** Decay of the mean of squared gradients. */
  beta2: number;
  epsilon: number;
  /** Number of this step, from 1: the first steps are corrected for moments that start at zero. */
  step: number;
}

/** A parameter and its two moments, all of the same shape. */
export interface AdamState {
  parameter: Variable;
  first: Variable;
  second: Variable;
}

/** The small operations on float32 tensors, from which engines without the larger ones compose them. */
export interface BasicKernels {
  /** Multiplies two matrices, each transposed first if asked. */
  matMul(a: Tensor2D, b: Tensor2D, transposeA?: boolean, transposeB?: boolean): Tensor2D;

  /** Adds tensors of the same shape, in one pass. */
  sum<T extends Tensor>(tensors: T[]): T;

  /**
   * Adds to each tensor its own direction times `scale`.
   *
   * @param directions As many tensors, of the same shapes.
   */
  addScaled(tensors: Tensor[], directions: Tensor[], scale: number): Tensor[];

  /** Computes the sum of the squares of all numbers in all tensors, a scalar. */
  sumOfSquares(tensors: Tensor[]): Tensor;

  /**
   * Subtracts from each row of the last axis its mean and divides by its standard deviation: (x − μ) / √(σ² + ε), without gain and bias.
   *
   * @param x [..., D]
   * @returns `y` [..., D], and `scale` [rows], 1 / √(σ² + ε) of each row.
   */
  layerNorm<T extends Tensor>(x: T, epsilon: number): { y: T; scale: Tensor1D };

  /**
   * Computes the gradient of {@link BasicKernels.layerNorm}.
   *
   * @param add Another gradient of the same input, such as a residual connection's, added in the same pass.
   */
  layerNormGrad<T extends Tensor>(dy: T, y: T, scale: Tensor1D, add?: T): T;

  /** Computes x + bias, plus the residual (of x's shape) if there is one. */
  biasAdd<T extends Tensor>(x: T, bias: Tensor1D, axis: Axis, residual?: T): T;

  /** Computes the gradient of a bias: the sum of dy over every axis but the bias's own. */
  biasGrad(dy: Tensor, axis: Axis): Tensor1D;

  /** Computes the gradient of max(x, 0): dy where x is above 0, otherwise 0. */
  reluGrad<T extends Tensor>(dy: T, x: T): T;

  /**
   * Sets each element to 0 with probability `rate`, and divides the others by 1 − rate. The choice is a pure function of
   * (seed, position), the same on every backend. It is its own gradient: `dropout(dy, rate, seed)`.
   *
   * @param seed An integer; only its lowest 32 bits count.
   */
  dropout<T extends Tensor>(x: T, rate: number, seed: number): T;

  /**
   * Gathers rows of a table [V, D] by their ids (int32, any shape [...]): [..., D]. Ids are not checked: they must be row numbers.
   */
  gatherRows(table: Tensor2D, ids: Tensor): Tensor;

  /**
   * Adds up rows with the same id: the gradient of {@link BasicKernels.gatherRows}.
   *
   * @param values [N, D]
   * @param ids [N], int32, each in 0 … rows − 1
   * @returns [rows, D]
   */
  segmentSum(values: Tensor2D, ids: Tensor1D, rows: number): Tensor2D;

  /**
   * Sums rows of a table, each times its share, without storing the gathered rows: {@link BasicKernels.gatherRows}, a product and
   * {@link BasicKernels.segmentSum} in one, like PyTorch's `EmbeddingBag`. The gradient of `table` is the same operation on the gradient of the
   * sums, with `ids` and `bags` swapped.
   *
   * @param table [V, D]
   * @param ids [N], int32, each a row of the table
   * @param bags [N], int32, each in 0 … rows − 1: the sum that the row is part of
   * @param shares [N]
   * @returns [rows, D]
   */
  embeddingBag(table: Tensor2D, ids: Tensor1D, bags: Tensor1D, shares: Tensor1D, rows: number): Tensor2D;

  /**
   * Computes the cross-entropy of softmax(logits) against one correct class per row, with its gradient.
   *
   * @param logits [N, V]
   * @param labels [N], int32
   * @param scale Factor of the gradient, such as 1 / N for the mean.
   * @returns `loss` [N], not scaled, and `dLogits` [N, V].
   */
  softmaxCrossEntropy(
    logits: Tensor2D,
    labels: Tensor1D,
    scale: number,
  ): { loss: Tensor1D; dLogits: Tensor2D };

  /**
   * Takes one step of Adam (Kingma and Ba 2015). The variables change; on the native engine they change in place, so they
   * must not share memory with other tensors or with a typed array that is still in use: see {@link ownVariable}.
   */
  adam(state: AdamState, gradient: Tensor, settings: AdamSettings): void;

  /**
   * Takes one step of Adam for some rows of a table; the others, and their moments, stay unchanged.
   *
   * @param ids [N], int32, no row twice.
   * @param gradient [N, D]
   */
  adamRows(state: AdamState, ids: Tensor1D, gradient: Tensor2D, settings: AdamSettings): void;
}

/** Creates a variable with memory of its own, as {@link BasicKernels.adam} needs it: the values are copied. */
export function ownVariable(tf: Tf, values: Float32Array, shape: number[]): Variable {
  return tf.tidy(() => tf.variable(tf.tensor(values.slice(), shape, "float32")));
}

/** Returns Adam's settings with the corrections for the step folded in: [rate, beta1, beta2, epsilon]. */
export function correctedSettings(
  { rate, beta1, beta2, epsilon, step }: AdamSettings,
): [number, number, number, number] {
  const correction = Math.sqrt(1 - beta2 ** step);
  return [rate * correction / (1 - beta1 ** step), beta1, beta2, epsilon * correction];
}

/** Returns a tensor's shape as rows: [first, everything else] or [everything else, last]. */
export function asRows({ shape, size }: Tensor, axis: Axis): [number, number] {
  const edge = (axis === "first" ? shape[0] : shape.at(-1)) ?? 1;
  const rest = edge === 0 ? 0 : size / edge;
  return axis === "first" ? [edge, rest] : [rest, edge];
}
