/**
 * Trains on several targets of a user at once. Most of the work of a pass is the long-term module over the whole history,
 * and successive targets have nearly the same history, so in training some targets may share one. The long-term module
 * then takes the history before the first of them, the short-term modules what came before each. The network is the same,
 * and for scoring each history is separate.
 *
 * @module
 */
import type { Engine } from "../backend/types.ts";
import type { Tensor1D, Tensor2D, Tensor3D } from "../backend/tensor.ts";
import type { Gradients, Weights } from "../layers/parameters.ts";
import type { SrsmlpShape } from "../layers/srsmlp.ts";
import { interest, padTo } from "./interest.ts";
import type { NetworkConfig } from "./network_config.ts";

/** The embedded input of a pass through the network. */
export interface PassInput {
  /** Histories, [T, H, D]; position T − 1 is the newest. */
  x: Tensor3D;
  /** What belongs to each target by itself, if targets share histories. If left out, each history has one target, and B = H. */
  shared?: {
    /** The newest positions before each target, [K, B, D], with K at least the longest short-term length. */
    recent: Tensor3D;
    /** The number of each target's history, [B], int32, from 0. */
    historyOf: Tensor1D;
  };
}

/** The gradients of a {@link PassInput}, for the parts of it that the modules used. */
export interface PassInputGradients {
  /** [T, H, D]; left out if there is no long-term module and the short-term modules used `recent`. */
  dx?: Tensor3D;
  /** [K, B, D], if targets share histories. */
  dRecent?: Tensor3D;
}

/** Returns the number of targets that share a history in training. Without a long-term module there is nothing to share. */
export const targetsPerHistory = (
  { longLayers, targetsPerHistory }: Pick<NetworkConfig, "longLayers" | "targetsPerHistory">,
): number => longLayers > 0 ? targetsPerHistory : 1;

/** Returns a remark if short-term modules do not reach back to the history that targets share: no module sees the items between. */
export function unseenBetween(config: NetworkConfig): string | undefined {
  const furthest = targetsPerHistory(config) - 1, short = config.lengths.filter((k) => k < furthest);
  if (short.length === 0) return undefined;
  return `Targets that share a history have up to ${furthest} items of their own behind it, and a short-term length of ${
    short.join(", ")
  } sees fewer: no module learns from the items between; take lengths of ${furthest} or more, or a lower --targets-per-history`;
}

/** Returns the input of the short-term modules: the newest positions before each target, [K or T, B, D]. */
export const newestOf = ({ x, shared }: PassInput): Tensor3D => shared?.recent ?? x;

/** The result of a pass through the long-term module. */
export interface LongPass {
  /** The module's output for each target, [B, D]. */
  y: Tensor2D;
  /**
   * Returns the gradients of the whole input.
   *
   * @param dy The gradient of `y`.
   * @param dNewest The gradient of the short-term modules' input, or of its newest positions, [n, B, D].
   */
  backward(dy: Tensor2D, gradients: Gradients, dNewest: Tensor3D): PassInputGradients;
}

/** Returns the gradients of an input that only the short-term modules used. */
export function withoutLongTerm(
  engine: Engine,
  { x, shared }: PassInput,
  dNewest: Tensor3D,
): PassInputGradients {
  return shared
    ? { dRecent: padTo(engine, dNewest, shared.recent.shape[0]) }
    : { dx: padTo(engine, dNewest, x.shape[0]) };
}

/** Runs one pass through the long-term module. */
export function longTerm(
  engine: Engine,
  weights: Weights,
  layers: SrsmlpShape[],
  { x, shared }: PassInput,
): LongPass {
  const { kernels } = engine, [, histories] = x.shape, pass = interest(engine, weights, layers, x);
  if (!shared) {
    return {
      y: pass.y,
      backward: (dy, gradients, dNewest) => ({ dx: pass.backward(dy, gradients, dNewest) }),
    };
  }
  const { recent, historyOf } = shared;
  return {
    y: kernels.gatherRows(pass.y, historyOf) as Tensor2D,
    backward: (dy, gradients, dNewest) => ({
      dx: pass.backward(kernels.segmentSum(dy, historyOf, histories), gradients),
      dRecent: padTo(engine, dNewest, recent.shape[0]),
    }),
  };
}
