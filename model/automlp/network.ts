/**
 * The AutoMLP network between the embedded sequence and the representation h: long-term module, short-term modules mixed
 * by softmax(α), output layer.
 *
 * Source: AutoMLP (WWW 2023): x^s_T = Σ_m softmax(α)_m · x^{s,k_m}_T, and
 * h_T = W^o LayerNorm([x^s_T, x^l_T]) + b^o, W^o [D, 2D].
 *
 * Where several candidates are mixed, the output of each is normalised first, without gain and bias: else a module could
 * make up for a small share by large numbers, and α would say nothing. DARTS does the same to its candidates ("no learnable
 * affine parameters … to avoid rescaling the outputs of the candidate operations", ICLR 2019, appendix A.1).
 *
 * @module
 */
import { softmax } from "../records/probabilities.ts";
import type { Engine } from "../backend/types.ts";
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from "../backend/tensor.ts";
import { itemParameters } from "../layers/embedding.ts";
import { bias, dense, type Gradients, type ParameterSpec, type Weights } from "../layers/parameters.ts";
import { EPSILON, type SrsmlpShape } from "../layers/srsmlp.ts";
import type { NetworkConfig } from "./network_config.ts";
import { type Dropout, NO_DROPOUT } from "../layers/dropout.ts";
import { interest, interestLayers, interestParameters } from "./interest.ts";

/** The modules of a network by their layers' shapes. */
interface Modules {
  long?: SrsmlpShape[];
  /** One for each candidate length, ascending. */
  short: SrsmlpShape[][];
}

function modulesOf(config: NetworkConfig): Modules {
  const { length, layers, longLayers, candidates } = config;
  return {
    ...(longLayers > 0 && { long: interestLayers("long", length, longLayers, config) }),
    short: candidates.map((k) => interestLayers(`short.${k}`, k, layers, config)),
  };
}

/** The network's parameters, those of the embedding layer apart. */
export function networkParameters(config: NetworkConfig): ParameterSpec[] {
  const { long, short } = modulesOf(config), { dim } = config;
  return [
    ...(long ? interestParameters(long) : []),
    ...short.flatMap((layers, i) =>
      interestParameters(layers).map((spec) => ({ ...spec, group: `short.${config.candidates[i]}` }))
    ),
    dense("output.wo", dim, long ? 2 * dim : dim),
    bias("output.bo", dim),
  ];
}

/** All parameters of a model: those of the embedding layer, then the network's. */
export function modelParameters(config: NetworkConfig): ParameterSpec[] {
  return [...itemParameters(config.items, config.dim, config.features), ...networkParameters(config)];
}

/**
 * What the short-term part of a pass is: all candidates, mixed by softmax(α), given as α [candidates]; or one of them alone,
 * by its place. With one candidate α is without effect.
 */
export type Mixture = ArrayLike<number> | { candidate: number };

/** Where elements are left out: of the embedded sequence, and of the joint representation. */
export const PLACES = { embedded: 0, joint: 1 } as const;

/** What a pass through the network leaves. */
export interface NetworkPass {
  /** [B, D] */
  h: Tensor2D;
  /**
   * From the gradient of h to that of the embedded sequence, [T, B, D], and of α. Gradients of the weights are added to
   * `gradients`.
   *
   * @returns `dMix`: the gradient of softmax(α), [candidates]; read it with {@link alphaGradient}.
   */
  backward(dh: Tensor2D, gradients: Gradients): { dx: Tensor3D; dMix?: Tensor };
  /** The gradient of softmax(α) alone, [candidates], for a fraction of the work; only with several candidates. */
  mixGradient(dh: Tensor2D): Tensor;
}

/**
 * One pass through the network.
 *
 * @param choice α, or one candidate alone: then it is the network that retraining has.
 * @param x The embedded sequences, [T, B, D]; position T − 1 is the newest.
 */
export function network(
  engine: Engine,
  weights: Weights,
  config: NetworkConfig,
  choice: Mixture,
  x: Tensor3D,
  dropout: Dropout = NO_DROPOUT,
): NetworkPass {
  const { tf, kernels } = engine, { dim } = config, batch = x.shape[1];
  const { long, short: all } = modulesOf(config);
  const short = "candidate" in choice ? [all[choice.candidate]] : all;
  const longPass = long && interest(engine, weights, long, x);
  const shortPasses = short.map((layers) => interest(engine, weights, layers, x));
  const mix = "candidate" in choice || short.length === 1
    ? undefined
    : tf.tensor2d(Float32Array.from(softmax(choice)), [1, short.length]);
  // [candidates, B, D]
  const stacked = mix && tf.stack(shortPasses.map(({ y }) => y)) as Tensor3D;
  const equal = stacked && kernels.layerNorm(stacked, EPSILON);
  const outputs = equal && tf.reshape(equal.y, [short.length, batch * dim]) as Tensor2D;
  const shortOutput = mix ? tf.reshape(kernels.matMul(mix, outputs!), [batch, dim]) : shortPasses[0].y;

  const { h, kept, norm, wo } = output(engine, weights, shortOutput as Tensor2D, longPass?.y, dropout);

  /** From the gradient of h to that of [x^s, x^l], and of x^s as one row. */
  const throughOutput = (dh: Tensor2D) => {
    const dKept = kernels.matMul(dh, wo);
    const dNorm = drop(engine, dKept, dropout, PLACES.joint);
    const dJoint = kernels.layerNormGrad(dNorm, norm.y, norm.scale);
    const dShort = longPass ? tf.slice(dJoint, [0, 0], [batch, dim]) as Tensor2D : dJoint;
    return { dJoint, dShort, row: tf.reshape(dShort, [1, batch * dim]) as Tensor2D };
  };
  const throughMix = (row: Tensor2D) => kernels.matMul(outputs!, row, false, true);

  return {
    h,
    mixGradient: (dh) => throughMix(throughOutput(dh).row),
    backward(dh, gradients) {
      gradients.add("output.bo", kernels.biasGrad(dh, "last"));
      gradients.add("output.wo", kernels.matMul(dh, kept, true));
      const { dJoint, dShort, row } = throughOutput(dh);

      let dOutputs = [dShort], dMix: Tensor | undefined;
      if (mix) {
        dMix = throughMix(row);
        const dEqual = tf.reshape(kernels.matMul(mix, row, true), stacked!.shape) as Tensor3D;
        dOutputs = tf.unstack(kernels.layerNormGrad(dEqual, equal!.y, equal!.scale)) as Tensor2D[];
      }
      // From the shortest length to the longest: each gradient takes in the positions of those before.
      let dx: Tensor3D | undefined;
      shortPasses.forEach((pass, i) => dx = pass.backward(dOutputs[i], gradients, dx));
      if (longPass) {
        const dLong = tf.slice(dJoint, [0, dim], [batch, dim]) as Tensor2D;
        dx = longPass.backward(dLong, gradients, dx);
      }
      return { dx: padTo(engine, dx!, x.shape[0]), dMix };
    },
  };
}

/**
 * Leaves elements out of x, in one place of the network. It is its own gradient.
 *
 * @param x The whole of what flows through that place.
 */
export function drop<T extends Tensor>({ kernels }: Engine, x: T, { rate, mask }: Dropout, place: number): T {
  return rate > 0 ? kernels.dropout(x, rate, mask(place)) : x;
}

/** The output layer: W^o LayerNorm([x^s, x^l]) + b^o. */
function output(
  engine: Engine,
  weights: Weights,
  short: Tensor2D,
  long: Tensor2D | undefined,
  dropout: Dropout,
) {
  const { tf, kernels } = engine;
  const norm = kernels.layerNorm(long ? tf.concat([short, long], 1) as Tensor2D : short, EPSILON);
  const kept = drop(engine, norm.y, dropout, PLACES.joint);
  const wo = weights("output.wo") as Tensor2D;
  const h = kernels.biasAdd(kernels.matMul(kept, wo, false, true), weights("output.bo") as Tensor1D, "last");
  return { h: h as Tensor2D, kept, norm, wo };
}

/**
 * h of single candidates, [B, D] each, without dropout. The long-term module is computed once for all of them.
 *
 * @param x The embedded sequences, [T, B, D].
 * @param places Of the candidates.
 * @param normalized Whether each candidate's output is normalised, as it is where outputs are mixed.
 */
export function representations(
  engine: Engine,
  weights: Weights,
  config: NetworkConfig,
  x: Tensor3D,
  places: readonly number[],
  normalized = false,
): Tensor2D[] {
  const { long, short } = modulesOf(config);
  const longOutput = long && interest(engine, weights, long, x).y;
  return places.map((place) => {
    const { y } = interest(engine, weights, short[place], x);
    const shortOutput = normalized ? engine.kernels.layerNorm(y, EPSILON).y as Tensor2D : y;
    return output(engine, weights, shortOutput, longOutput, NO_DROPOUT).h;
  });
}

/** The gradient of the newest positions as one of `length` positions, zero for the older ones. */
function padTo({ tf }: Engine, gradient: Tensor3D, length: number): Tensor3D {
  const [n, batch, dim] = gradient.shape;
  return n === length ? gradient : tf.concat([tf.zeros([length - n, batch, dim]), gradient], 0) as Tensor3D;
}

/** The gradient of α from that of softmax(α): dα = p ⊙ (dp − p·dp). */
export function alphaGradient(alpha: ArrayLike<number>, dMix: ArrayLike<number>): Float64Array {
  const p = softmax(alpha);
  const mean = p.reduce((sum, share, i) => sum + share * dMix[i], 0);
  return p.map((share, i) => share * (dMix[i] - mean));
}
