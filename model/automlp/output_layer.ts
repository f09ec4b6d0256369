/**
 * The output layer of the network: turns the modules' outputs for a sequence into its representation.
 *
 * Source: AutoMLP (WWW 2023): h_T = W^o LayerNorm([x^s_T, x^l_T]) + b^o, W^o [D, 2D].
 *
 * W^o initially averages both modules' outputs, [I I] / 2; the paper does not say how it is initialised. The outputs are the newest item's
 * vector plus what the modules add to it, and items are scored by the same vectors: from the first step on, items that follow each other
 * become similar. With random initial weights, the map between the two would have to be learnt first, which on sparse data costs 8 % of
 * NDCG@10 (`docs/levers.md`).
 *
 * @module
 */
import type { Engine } from "../backend/types.ts";
import type { Tensor1D, Tensor2D } from "../backend/tensor.ts";
import type { Dropout } from "../layers/dropout.ts";
import { bias, type Gradients, meanOfParts, type ParameterSpec, type Weights } from "../layers/parameters.ts";
import { EPSILON } from "../layers/srsmlp.ts";
import { drop, PLACES } from "./dropout.ts";

/** Returns the layer's parameters. */
export function outputParameters(dim: number, hasLong: boolean): ParameterSpec[] {
  return [meanOfParts("output.wo", dim, hasLong ? 2 : 1), bias("output.bo", dim)];
}

/** The result of a pass through the output layer. */
export interface OutputPass {
  /** [B, D] */
  h: Tensor2D;
  /** Turns the gradient of h into those of x^s and, if there is one, x^l, [B, D] each. */
  backward(dh: Tensor2D): { dShort: Tensor2D; dLong?: Tensor2D };
  /** Adds the gradients of the layer's own weights. */
  addGradients(dh: Tensor2D, gradients: Gradients): void;
}

/**
 * Runs one pass through the output layer.
 *
 * @param short x^s, [B, D].
 * @param long x^l, [B, D], if there is a long-term module.
 */
export function outputLayer(
  engine: Engine,
  weights: Weights,
  short: Tensor2D,
  long: Tensor2D | undefined,
  dropout: Dropout,
): OutputPass {
  const { tf, kernels } = engine, [batch, dim] = short.shape;
  const norm = kernels.layerNorm(long ? tf.concat([short, long], 1) as Tensor2D : short, EPSILON);
  const kept = drop(engine, norm.y, dropout, PLACES.joint);
  const wo = weights("output.wo") as Tensor2D;
  const h = kernels.biasAdd(kernels.matMul(kept, wo, false, true), weights("output.bo") as Tensor1D, "last");
  return {
    h: h as Tensor2D,
    backward(dh) {
      const dNorm = drop(engine, kernels.matMul(dh, wo), dropout, PLACES.joint);
      const dJoint = kernels.layerNormGrad(dNorm, norm.y, norm.scale);
      if (!long) return { dShort: dJoint };
      const half = (from: number) => tf.slice(dJoint, [0, from], [batch, dim]) as Tensor2D;
      return { dShort: half(0), dLong: half(dim) };
    },
    addGradients(dh, gradients) {
      gradients.add("output.bo", kernels.biasGrad(dh, "last"));
      gradients.add("output.wo", kernels.matMul(dh, kept, true));
    },
  };
}
