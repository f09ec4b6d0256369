/**
 * Counts the numbers that a pass through an interest module keeps, as `layers/srsmlp.ts` and the engines' mixers compute it.
 *
 * Nothing is freed before a step ends: forward results are kept for the gradient, and gradients are kept with them.
 *
 * @module
 */
import type { NetworkConfig } from "./network_config.ts";
import type { Layering } from "../memory/estimate.ts";

/** Counts of the numbers that a pass keeps. */
export interface ModulePass {
  forward: number;
  backward: number;
  /** Additional numbers while the largest of its mixers is computed. */
  passing: number;
}

/** The sizes of a network that matter for a module. */
type Sizes = Pick<NetworkConfig, "dim" | "sequenceHidden" | "channelHidden">;

/**
 * Counts the numbers of one pass through a module over the newest `n` positions of `batch` sequences. Its last layer outputs one position.
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
  // The gradients of each mixer's input: two for each inner layer, one for the last layer's sequence mixer, and one position for its
  // channel mixer.
  const backward = (2 * inner + 1) * positions + row;
  if (mixing === "fused") return { forward: 2 * inner * positions + 2 * row, backward, passing: 0 };
  return {
    // Normalised input twice, hidden units and their slope, output; the same for the channel mixer.
    forward: inner * (5 * positions + 2 * hidden + 2 * channels) + 2 * positions + 2 * hidden + 5 * row,
    backward,
    // GELU is about ten operations, the gradient of LayerNorm about seven.
    passing: Math.max(
      11 * hidden + 4 * positions,
      3 * hidden + 10 * positions,
      inner > 0 ? 11 * channels + 4 * positions : 0,
    ),
  };
}
