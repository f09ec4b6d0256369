/**
 * The tensor library's types, for all code above the backend: only `model/backend/` names its packages.
 *
 * @module
 */
import type * as core from "@tensorflow/tfjs-core";

/** The namespace of tensor operations, the same on every backend: `tf` of an {@link Engine}. */
export type Tf = typeof core;
export type {
  NamedTensorMap,
  Rank,
  Scalar,
  Tensor,
  Tensor1D,
  Tensor2D,
  Tensor3D,
  TensorLike,
  Variable,
} from "@tensorflow/tfjs-core";

/** The number of values in a tensor of this shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** The total number of values in several tensors. */
export const numbersIn = (tensors: readonly { shape: number[] }[]): number =>
  tensors.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
