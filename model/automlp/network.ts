/**
 * The AutoMLP network between the embedded sequence and the representation h: long-term module, short-term modules, output layer.
 *
 * Source: AutoMLP (WWW 2023): h_T = W^o LayerNorm([x^s_T, x^l_T]) + b^o, W^o [D, 2D].
 *
 * @module
 */
import { softmax } from "../records/probabilities.ts";
import type { Engine } from "../backend/types.ts";
import type { Tensor2D, Tensor3D } from "../backend/tensor.ts";
import { itemParameters } from "../layers/embedding.ts";
import type { ParameterSpec, Weights } from "../layers/parameters.ts";
import { EPSILON } from "../layers/srsmlp.ts";
import type { NetworkConfig } from "./network_config.ts";
import { type Dropout, NO_DROPOUT } from "../layers/dropout.ts";
import { interest, interestParameters, modulesOf } from "./interest.ts";
import { mixedCandidates } from "./mixed_candidates.ts";
import type { NetworkPass } from "./network_pass.ts";
import { outputLayer, outputParameters } from "./output_layer.ts";
import { type SeparateCandidates, separateCandidates } from "./separate_candidates.ts";
import type { PassInput } from "./shared_histories.ts";

/** Returns the network's parameters without those of the embedding layer. */
function networkParameters(config: NetworkConfig): ParameterSpec[] {
  const { long, short } = modulesOf(config);
  return [
    ...(long ? interestParameters(long) : []),
    ...short.flatMap((layers, i) =>
      interestParameters(layers).map((spec) => ({ ...spec, group: `short.${config.lengths[i]}` }))
    ),
    ...outputParameters(config.dim, long !== undefined),
  ];
}

/** Returns all parameters of a model: those of the embedding layer, then those of the network. */
export function modelParameters(config: NetworkConfig): ParameterSpec[] {
  return [...itemParameters(config), ...networkParameters(config)];
}

/**
 * The short-term part of a pass: either α [candidates], which mixes all candidates in one network by softmax(α), or some
 * candidates by their places, ascending, where each is the network that it would be alone, and they share everything but
 * their short-term modules. With one candidate α has no effect.
 */
export type Mixture = ArrayLike<number> | SeparateCandidates;

/** A network of one candidate, which is what is trained and what recommends. */
export const ALONE: SeparateCandidates = { candidates: [0] };

/**
 * Runs one pass through the network.
 *
 * @param choice α, or separate candidates; a single one is the network that retraining uses.
 */
export function network(
  engine: Engine,
  weights: Weights,
  config: NetworkConfig,
  choice: Mixture,
  input: PassInput,
  dropout: Dropout = NO_DROPOUT,
): NetworkPass {
  const modules = modulesOf(config);
  if ("candidates" in choice || choice.length === 1) {
    const separate = "candidates" in choice ? choice : ALONE;
    return separateCandidates(engine, weights, modules, separate, input, dropout);
  }
  return mixedCandidates(engine, weights, modules, softmax(choice), input, dropout);
}

/**
 * Computes h of single candidates, [B, D] each, without dropout. The long-term module is computed once for all of them.
 *
 * @param x The embedded sequences, [T, B, D].
 * @param places Places of the candidates in the configuration.
 * @param normalized Whether each candidate's output is normalised, as it is if outputs are mixed.
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
    return outputLayer(engine, weights, shortOutput, longOutput, NO_DROPOUT).h;
  });
}

/** Computes the gradient of α from that of softmax(α): dα = p ⊙ (dp − p·dp). */
export function alphaGradient(alpha: ArrayLike<number>, dMix: ArrayLike<number>): Float64Array {
  const p = softmax(alpha);
  const mean = p.reduce((sum, share, i) => sum + share * dMix[i], 0);
  return p.map((share, i) => share * (dMix[i] - mean));
}
