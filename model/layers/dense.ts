/** Fully connected layers and norms, with their parameters. */
import type { Tensor, Tensor2D } from "../backend/tensor.ts";
import type { Value } from "../ops/ops.ts";
import { bias, dense, gain, type Layer } from "./parameters.ts";
import type { Pass } from "./pass.ts";

/** A layer that computes each row by itself. */
export interface RowLayer extends Layer {
  /** Computes [n, outputs] from [n, inputs]. */
  apply(pass: Pass, x: Value<Tensor2D>): Value<Tensor2D>;
}

/** A fully connected layer. @param names The names of its weights and of its bias. */
export function denseLayer(
  names: readonly [w: string, b: string],
  outputs: number,
  inputs: number,
): RowLayer {
  const parts = { w: dense(names[0], outputs, inputs), b: bias(names[1], outputs) };
  return {
    parameters: Object.values(parts),
    apply: (pass, x) => pass.ops.dense(x, pass.weights(parts)),
  };
}

/** LayerNorm over the last axis. */
export interface Norm extends Layer {
  apply<T extends Tensor>(pass: Pass, x: Value<T>): Value<T>;
}

/** LayerNorm with a gain and a bias. */
export function norm(name: string, dim: number): Norm {
  const parts = { gain: gain(`${name}.gain`, dim), bias: bias(`${name}.bias`, dim) };
  return {
    parameters: Object.values(parts),
    apply: (pass, x) => pass.ops.layerNorm(x, pass.weights(parts)),
  };
}
