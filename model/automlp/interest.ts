/**
 * The interest modules: SRSMLP layers over the newest positions of a sequence. The long-term module takes all T of them, a
 * short-term module the last k.
 *
 * @module
 */
import type { Engine } from "../backend/types.ts";
import type { Tensor2D, Tensor3D } from "../backend/tensor.ts";
import type { Gradients, ParameterSpec, Weights } from "../layers/parameters.ts";
import { srsmlp, srsmlpParameters, type SrsmlpShape } from "../layers/srsmlp.ts";
import type { NetworkConfig } from "./network_config.ts";

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

/** The modules of a network by their layers' shapes. */
export interface Modules {
  long?: SrsmlpShape[];
  /** One for each candidate length, ascending. */
  short: SrsmlpShape[][];
}

/** The modules that a configuration has. */
export function modulesOf(config: NetworkConfig): Modules {
  const { length, layers, longLayers, candidates } = config;
  return {
    ...(longLayers > 0 && { long: interestLayers("long", length, longLayers, config) }),
    short: candidates.map((k) => interestLayers(`short.${k}`, k, layers, config)),
  };
}

/** A module's parameters. */
export const interestParameters = (layers: SrsmlpShape[]): ParameterSpec[] =>
  layers.flatMap(srsmlpParameters);

/** What a pass through a module leaves. */
export interface InterestPass {
  /** The newest position's output, [B, D]. */
  y: Tensor2D;
  /**
   * From the gradient of `y` to that of the newest n positions, [n, B, D].
   *
   * @param add Another gradient of the newest positions, n at most, added to the result.
   */
  backward(dy: Tensor2D, gradients: Gradients, add?: Tensor3D): Tensor3D;
}

/**
 * One pass through a module.
 *
 * @param x The whole sequence, [T, B, D]; the module takes its newest positions.
 */
export function interest(engine: Engine, weights: Weights, layers: SrsmlpShape[], x: Tensor3D): InterestPass {
  const { tf } = engine, [, batch, dim] = x.shape;
  const [first, ...others] = layers;
  const passes = [srsmlp(engine, weights, first, x)];
  for (const layer of others) passes.push(srsmlp(engine, weights, layer, passes.at(-1)!.y));
  return {
    y: tf.reshape(passes.at(-1)!.y, [batch, dim]),
    backward(dy, gradients, add) {
      let d = tf.reshape(dy, [1, batch, dim]) as Tensor3D;
      for (const pass of passes.slice(1).reverse()) d = pass.backward(d, gradients);
      return passes[0].backward(d, gradients, add);
    },
  };
}

/** The gradient of the newest positions as one of `length` positions, zero for the older ones. */
export function padTo({ tf }: Engine, gradient: Tensor3D, length: number): Tensor3D {
  const [n, batch, dim] = gradient.shape;
  return n === length ? gradient : tf.concat([tf.zeros([length - n, batch, dim]), gradient], 0) as Tensor3D;
}
