/**
 * Candidates side by side: each is the network that it would be alone, and they share all but their short-term modules. The long-term
 * module, most of the work, is gone through once for all of them.
 *
 * @module
 */
import type { Engine } from "../backend/types.ts";
import type { Tensor2D, Tensor3D } from "../backend/tensor.ts";
import type { Dropout } from "../layers/dropout.ts";
import type { Weights } from "../layers/parameters.ts";
import { interest, type Modules, padTo } from "./interest.ts";
import type { NetworkPass } from "./network_pass.ts";
import { outputLayer } from "./output_layer.ts";

/** At most so many learn in one pass: its time and its memory grow with them. */
export const MOST_AT_ONCE = 5;

/**
 * One pass through some candidates' networks.
 *
 * @param places Of the candidates, ascending.
 * @param x The embedded sequences, [T, B, D].
 */
export function separateCandidates(
  engine: Engine,
  weights: Weights,
  { long, short }: Modules,
  places: readonly number[],
  x: Tensor3D,
  dropout: Dropout,
): NetworkPass {
  const longPass = long && interest(engine, weights, long, x);
  const passes = places.map((place) => {
    const module = interest(engine, weights, short[place], x);
    return { module, output: outputLayer(engine, weights, module.y, longPass?.y, dropout) };
  });
  return {
    h: passes.map(({ output }) => output.h),
    backward(dh, gradients) {
      // From the shortest length to the longest: each gradient takes in the positions of those before.
      let dx: Tensor3D | undefined, dLongs: Tensor2D[] = [];
      passes.forEach(({ module, output }, i) => {
        output.addGradients(dh[i], gradients);
        const { dShort, dLong } = output.backward(dh[i]);
        dx = module.backward(dShort, gradients, dx);
        if (dLong) dLongs = [...dLongs, dLong];
      });
      if (longPass) dx = longPass.backward(engine.kernels.sum(dLongs), gradients, dx);
      return { dx: padTo(engine, dx!, x.shape[0]) };
    },
  };
}
