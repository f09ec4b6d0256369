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

/** Returns the shapes of a module's layers. */
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

/** The modules of a network, given by the shapes of their layers. */
export interface Modules {
  long?: SrsmlpShape[];
  /** One for each candidate length, ascending. */
  short: SrsmlpShape[][];
}

/** Returns the modules that a configuration describes. */
export function modulesOf(config: NetworkConfig): Modules {
  const { length, layers, longLayers, lengths } = config;
  return {
    ...(longLayers > 0 && { long: interestLayers("long", length, longLayers, config) }),
    short: lengths.map((k) => interestLayers(`short.${k}`, k, layers, config)),
  };
}

/** A module's parameters. */
export const interestParameters = (layers: SrsmlpShape[]): ParameterSpec[] =>
  layers.flatMap(srsmlpParameters);

/** The result of a pass through a module. */
export interface InterestPass {
  /** The newest position's output, [B, D]. */
  y: Tensor2D;
  /**
   * Turns the gradient of `y` into that of the newest n positions, [n, B, D].
   *
   * @param add Another gradient of at most n newest positions, added to the result.
   */
  backward(dy: Tensor2D, gradients: Gradients, add?: Tensor3D): Tensor3D;
}

/**
 * Runs one pass through a module.
 *
 * @param x The whole sequence, [T, B, D]; the module uses its newest positions.
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

/** Pads the gradient of the newest positions to `length` positions, with zeros for the older ones. */
export function padTo({ tf }: Engine, gradient: Tensor3D, length: number): Tensor3D {
  const [n, batch, dim] = gradient.shape;
  return n === length ? gradient : tf.concat([tf.zeros([length - n, batch, dim]), gradient], 0) as Tensor3D;
}
