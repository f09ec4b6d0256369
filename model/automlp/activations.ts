/**
 * Numbers that a pass through an interest module keeps, as `layers/srsmlp.ts` and the mixers of the engines compute it.
 *
 * Within a step nothing is freed before its end: what goes forward is kept for the gradient, and gradients stay beside it.
 *
 * @module
 */
import type { NetworkConfig } from "./network_config.ts";
import type { Layering } from "../memory/estimate.ts";

/** Numbers of a pass. */
export interface ModulePass {
  forward: number;
  backward: number;
  /** Beyond these, while the largest of its mixers is computed. */
  passing: number;
}

/** The sizes of a network that a module has. */
type Sizes = Pick<NetworkConfig, "dim" | "sequenceHidden" | "channelHidden">;

/**
 * One pass through a module over the newest `n` positions of `batch` sequences. Its last layer gives one position.
 *
 * @param layers At least 1.
 */
export function modulePass(
  n: number,
  layers: number,
  batch: number,
  { dim, sequenceHidden, channelHidden }: Sizes,
  mixing: Layering,
): ModulePass {
  const inner = layers - 1, row = batch * dim;
  const positions = n * row, hidden = sequenceHidden * row, channels = n * batch * channelHidden;
  // The gradients of each mixer's input: two an inner layer, and one position of the last layer's channel mixer.
  const backward = (2 * inner + 1) * positions + row;
  if (mixing === "fused") return { forward: 2 * inner * positions + 2 * row, backward, passing: 0 };
  return {
    // Normalised input twice, hidden units and their slope, output; the same of the channel mixer.
    forward: inner * (5 * positions + 2 * hidden + 2 * channels) + 2 * positions + 2 * hidden + 5 * row,
    backward,
    // GELU is some ten operations, the gradient of LayerNorm some seven.
    passing: Math.max(
      11 * hidden + 4 * positions,
      3 * hidden + 10 * positions,
      inner > 0 ? 11 * channels + 4 * positions : 0,
    ),
  };
}
