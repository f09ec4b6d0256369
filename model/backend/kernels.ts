/**
 * The fused operations of which networks are made. Each has its gradient as a function of its own, so the tensor library records
 * nothing: AutoMLP's layers call the gradients themselves, other networks by the tape in `model/ops/`.
 *
 * Every function returns new tensors that the caller owns, and leaves nothing else behind. `first` and `last` name the
 * axis along which a bias runs: in [R, N] a bias [R] runs along the first, in [N, D] a bias [D] along the last. What is
 * called a scale is what a gradient needs to know of the forward pass, to be kept for it.
 *
 * @module
 */
import type { Mixers } from "./mixers.ts";
import type { SequenceKernels } from "./sequence_kernels.ts";
import type { Tensor, Tensor1D, Tensor2D, Tf, Variable } from "./tensor.ts";

/** The axis along which a bias runs. */
export type Axis = "first" | "last";

/** Settings of {@link Kernels.adam}. */
export interface AdamSettings {
  /** Learning rate. */
  rate: number;
  /** Decay of the mean of gradients. */
  beta1: number;
  /** Decay of the mean of squared gradients. */
  beta2: number;
  epsilon: number;
  /** The number of this step, from 1: the first ones are corrected for moments that start at zero. */
  step: number;
}

/** A parameter and its two moments, all of one shape. */
export interface AdamState {
  parameter: Variable;
  first: Variable;
  second: Variable;
}

/** Fused operations on float32 tensors. */
export interface Kernels extends Mixers, SequenceKernels {
  /** The product of two matrices, each transposed first where asked. */
  matMul(a: Tensor2D, b: Tensor2D, transposeA?: boolean, transposeB?: boolean): Tensor2D;

  /** The sum of tensors of one shape, in one pass. */
  sum<T extends Tensor>(tensors: T[]): T;

  /**
   * Each tensor with so much of a direction of its own added.
   *
   * @param directions As many, of the same shapes.
   */
  addScaled(tensors: Tensor[], directions: Tensor[], scale: number): Tensor[];

  /** The sum of the squares of all numbers of all tensors, a scalar. */
  sumOfSquares(tensors: Tensor[]): Tensor;

  /**
   * Each row of the last axis, less its mean, over its standard deviation: (x − μ) / √(σ² + ε), without gain and bias.
   *
   * @param x [..., D]
   * @returns `y` [..., D], and `scale` [rows], 1 / √(σ² + ε) of each row.
   */
  layerNorm<T extends Tensor>(x: T, epsilon: number): { y: T; scale: Tensor1D };

  /**
   * The gradient of {@link Kernels.layerNorm}.
   *
   * @param add Another gradient of the same input, such as a residual connection's, added in the same pass.
   */
  layerNormGrad<T extends Tensor>(dy: T, y: T, scale: Tensor1D, add?: T): T;

  /** x + bias, and + residual (of x's shape) where there is one. */
  biasAdd<T extends Tensor>(x: T, bias: Tensor1D, axis: Axis, residual?: T): T;

  /** The gradient of a bias: the sum of dy over every axis but its own. */
  biasGrad(dy: Tensor, axis: Axis): Tensor1D;

  /** The gradient of max(x, 0): dy where x is above 0, else 0. */
  reluGrad<T extends Tensor>(dy: T, x: T): T;

  /**
   * Sets each element to 0 with probability `rate`, and divides the others by 1 − rate. Which ones is a pure function of
   * (seed, position), the same on every backend. It is its own gradient: `dropout(dy, rate, seed)`.
   *
   * @param seed An integer; only its lowest 32 bits count.
   */
  dropout<T extends Tensor>(x: T, rate: number, seed: number): T;

  /**
   * Rows of a table [V, D] by their ids (int32, any shape [...]): [..., D]. Ids are not checked: they must be rows.
   */
  gatherRows(table: Tensor2D, ids: Tensor): Tensor;

  /**
   * Adds up rows with the same id: the gradient of {@link Kernels.gatherRows}.
   *
   * @param values [N, D]
   * @param ids [N], int32, each in 0 … rows − 1
   * @returns [rows, D]
   */
  segmentSum(values: Tensor2D, ids: Tensor1D, rows: number): Tensor2D;

  /**
   * Sums of rows of a table, each times its share, without the rows side by side in memory: {@link Kernels.gatherRows}, a product and
   * {@link Kernels.segmentSum} in one, as PyTorch's `EmbeddingBag`. The gradient of `table` is the same of that of the sums, with `ids` and `bags` in
   * each other's place.
   *
   * @param table [V, D]
   * @param ids [N], int32, each a row of the table
   * @param bags [N], int32, each in 0 … rows − 1: the sum that it is part of
   * @param shares [N]
   * @returns [rows, D]
   */
  embeddingBag(table: Tensor2D, ids: Tensor1D, bags: Tensor1D, shares: Tensor1D, rows: number): Tensor2D;

  /**
   * Cross-entropy of softmax(logits) against one right class a row, with its gradient.
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
   * One step of Adam (Kingma and Ba 2015). The variables change; on the native engine where they lie in memory, so they
   * must not share it with other tensors or with a typed array that is still in use: see {@link ownVariable}.
   */
  adam(state: AdamState, gradient: Tensor, settings: AdamSettings): void;

  /**
   * One step of Adam for some rows of a table; the others, and their moments, stay as they are.
   *
   * @param ids [N], int32, no row twice.
   * @param gradient [N, D]
   */
  adamRows(state: AdamState, ids: Tensor1D, gradient: Tensor2D, settings: AdamSettings): void;
}

/** The small operations, of which engines without larger ones compose them. */
export type BasicKernels = Omit<Kernels, keyof Mixers | keyof SequenceKernels>;

/** A variable whose memory is its own, as {@link Kernels.adam} needs it: the values are copied. */
export function ownVariable(tf: Tf, values: Float32Array, shape: number[]): Variable {
  return tf.tidy(() => tf.variable(tf.tensor(values.slice(), shape, "float32")));
}

/** Adam's settings with the corrections for the step folded in: [rate, beta1, beta2, epsilon]. */
export function correctedSettings(
  { rate, beta1, beta2, epsilon, step }: AdamSettings,
): [number, number, number, number] {
  const correction = Math.sqrt(1 - beta2 ** step);
  return [rate * correction / (1 - beta1 ** step), beta1, beta2, epsilon * correction];
}

/** A tensor's shape as rows: [first, everything else] or [everything else, last]. */
export function asRows({ shape, size }: Tensor, axis: Axis): [number, number] {
  const edge = (axis === "first" ? shape[0] : shape.at(-1)) ?? 1;
  const rest = edge === 0 ? 0 : size / edge;
  return axis === "first" ? [edge, rest] : [rest, edge];
}
