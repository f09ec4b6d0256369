/**
 * Candidates in one network, mixed by softmax(α).
 *
 * Source: AutoMLP (WWW 2023): x^s_T = Σ_m softmax(α)_m · x^{s,k_m}_T.
 *
 * Each candidate's output is normalised first, without gain and bias: otherwise a module could compensate for a small weight with large
 * outputs, and α would mean nothing. DARTS does the same to its candidates ("no learnable affine parameters … to avoid rescaling the
 * outputs of the candidate operations", ICLR 2019, appendix A.1).
 *
 * @module
 */
import type { Engine } from "../backend/types.ts";
import type { Tensor2D, Tensor3D } from "../backend/tensor.ts";
import type { Dropout } from "../layers/dropout.ts";
import type { Weights } from "../layers/parameters.ts";
import { EPSILON } from "../layers/srsmlp.ts";
import { interest, type Modules } from "./interest.ts";
import type { NetworkPass } from "./network_pass.ts";
import { outputLayer } from "./output_layer.ts";
import { longTerm, newestOf, type PassInput, withoutLongTerm } from "./shared_histories.ts";

/**
 * Runs one pass through the network of all candidates.
 *
 * @param shares softmax(α), [candidates], at least two.
 */
export function mixedCandidates(
  engine: Engine,
  weights: Weights,
  { long, short }: Modules,
  shares: ArrayLike<number>,
  input: PassInput,
  dropout: Dropout,
): NetworkPass {
  const newest = newestOf(input);
  const { tf, kernels } = engine, [, batch, dim] = newest.shape;
  const longPass = long && longTerm(engine, weights, long, input);
  const shortPasses = short.map((layers) => interest(engine, weights, layers, newest));
  const mix = tf.tensor2d(Float32Array.from(shares), [1, short.length]);
  const stacked = tf.stack(shortPasses.map(({ y }) => y)) as Tensor3D; // [candidates, B, D]
  const equal = kernels.layerNorm(stacked, EPSILON);
  const outputs = tf.reshape(equal.y, [short.length, batch * dim]) as Tensor2D;
  const mixed = tf.reshape(kernels.matMul(mix, outputs), [batch, dim]) as Tensor2D;
  const output = outputLayer(engine, weights, mixed, longPass?.y, dropout);

  /** Reshapes the gradient of x^s into one row. */
  const rowOf = (dShort: Tensor2D) => tf.reshape(dShort, [1, batch * dim]) as Tensor2D;
  const throughMix = (row: Tensor2D) => kernels.matMul(outputs, row, false, true);

  return {
    h: [output.h],
    mixGradient: (dh) => throughMix(rowOf(output.backward(dh).dShort)),
    backward([dh], gradients) {
      output.addGradients(dh, gradients);
      const { dShort, dLong } = output.backward(dh), row = rowOf(dShort);
      const dEqual = tf.reshape(kernels.matMul(mix, row, true), stacked.shape) as Tensor3D;
      const dOutputs = tf.unstack(kernels.layerNormGrad(dEqual, equal.y, equal.scale)) as Tensor2D[];
      // From the shortest length to the longest: each gradient covers the positions of the previous ones and includes them.
      let dx: Tensor3D | undefined;
      shortPasses.forEach((pass, i) => dx = pass.backward(dOutputs[i], gradients, dx));
      const dInput = longPass
        ? longPass.backward(dLong!, gradients, dx!)
        : withoutLongTerm(engine, input, dx!);
      return { ...dInput, dMix: throughMix(row) };
    },
  };
}
