/**
 * An interest module: SRSMLP layers over the newest positions of a sequence. The long-term module takes all T of them, a
 * short-term module the last k.
 *
 * @module
 */
import type { Engine } from "../backend/types.ts";
import type { Tensor2D, Tensor3D } from "../backend/tensor.ts";
import type { Gradients, ParameterSpec, Weights } from "../layers/parameters.ts";
import { srsmlp, srsmlpParameters, type SrsmlpShape } from "../layers/srsmlp.ts";
import type { NetworkConfig } from "./config.ts";

/** The shapes of a module's layers. */
export function interestLayers(
  name: string,
  length: number,
  layers: number,
  { dim, sequenceHidden, channelHidden }: NetworkConfig,
): SrsmlpShape[] {
  return Array.from({ length: layers }, (_, l) => ({
    name: `${name}.${l}`,
    length,
    dim,
    sequenceHidden,
    channelHidden,
    lastOnly: l === layers - 1,
  }));
}

/** A module's parameters. */
export const interestParameters = (layers: SrsmlpShape[]): ParameterSpec[] =>
  layers.flatMap(srsmlpParameters);

/** What a pass through a module leaves. */
export interface InterestPass {
  /** The newest position's output, [B, D]. */
  y: Tensor2D;
  /** From the gradient of `y` to that of the newest n positions, [n, B, D]. */
  backward(dy: Tensor2D, gradients: Gradients): Tensor3D;
}

/**
 * One pass through a module.
 *
 * @param x The whole sequence, [T, B, D]; the module takes its newest positions.
 */
export function interest(engine: Engine, weights: Weights, layers: SrsmlpShape[], x: Tensor3D): InterestPass {
  const { tf } = engine, [length, batch, dim] = x.shape, n = layers[0].length;
  const input = n === length ? x : tf.slice(x, [length - n, 0, 0], [n, batch, dim]);
  const passes = [srsmlp(engine, weights, layers[0], input)];
  for (const layer of layers.slice(1)) {
    passes.push(srsmlp(engine, weights, layer, passes[passes.length - 1].y));
  }
  return {
    y: tf.reshape(passes[passes.length - 1].y, [batch, dim]),
    backward(dy, gradients) {
      let d = tf.reshape(dy, [1, batch, dim]) as Tensor3D;
      for (const pass of passes.toReversed()) d = pass.backward(d, gradients) as Tensor3D;
      return d;
    },
  };
}
