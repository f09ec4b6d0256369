/**
 * Several targets of a user at once. Most of a pass is the long-term module over the whole history, and targets that
 * follow one another have nearly the same history. So in training some targets may share one. The long-term module
 * takes the history before the first of them, the short-term modules what came before each. The network is the same,
 * and where it scores, each history is its own.
 *
 * @module
 */
import type { Engine } from "../backend/types.ts";
import type { Tensor1D, Tensor2D, Tensor3D } from "../backend/tensor.ts";
import type { Gradients, Weights } from "../layers/parameters.ts";
import type { SrsmlpShape } from "../layers/srsmlp.ts";
import { interest, padTo } from "./interest.ts";
import type { NetworkConfig } from "./network_config.ts";

/** What goes through the network, embedded. */
export interface PassInput {
  /** Histories, [T, H, D]; position T − 1 is the newest. */
  x: Tensor3D;
  /** Where targets share histories: what each of them has of its own. Left out: a history has one target, and B = H. */
  shared?: {
    /** The newest positions before each target, [K, B, D], K the longest short-term length at least. */
    recent: Tensor3D;
    /** [B], int32, of each target its history, from 0. */
    historyOf: Tensor1D;
  };
}

/** The gradients of a {@link PassInput}, of what the modules took of it. */
export interface PassInputGradients {
  /** [T, H, D]; left out where there is no long-term module and the short-term modules took `recent`. */
  dx?: Tensor3D;
  /** [K, B, D], where targets share histories. */
  dRecent?: Tensor3D;
}

/** Targets that share a history in training. Without a long-term module there is nothing to share. */
export const targetsPerHistory = (
  { longLayers, targetsPerHistory }: Pick<NetworkConfig, "longLayers" | "targetsPerHistory">,
): number => longLayers > 0 ? targetsPerHistory : 1;

/** A remark on short-term modules that do not reach back to the history that targets share: what lies between is seen by no module. */
export function unseenBetween(config: NetworkConfig): string | undefined {
  const furthest = targetsPerHistory(config) - 1, short = config.candidates.filter((k) => k < furthest);
  if (short.length === 0) return undefined;
  return `Targets that share a history have up to ${furthest} items of their own behind it, and a short-term length of ${
    short.join(", ")
  } sees fewer: no module learns from the items between; take lengths of ${furthest} or more, or a lower --targets-per-history`;
}

/** What the short-term modules take: the newest positions before each target, [K or T, B, D]. */
export const newestOf = ({ x, shared }: PassInput): Tensor3D => shared?.recent ?? x;

/** What a pass through the long-term module leaves. */
export interface LongPass {
  /** The module's output for each target, [B, D]. */
  y: Tensor2D;
  /**
   * The gradients of the whole input.
   *
   * @param dy Of `y`.
   * @param dNewest Of what the short-term modules took, of its newest positions at least, [n, B, D].
   */
  backward(dy: Tensor2D, gradients: Gradients, dNewest: Tensor3D): PassInputGradients;
}

/** The gradients of an input of which the short-term modules alone took something. */
export function withoutLongTerm(
  engine: Engine,
  { x, shared }: PassInput,
  dNewest: Tensor3D,
): PassInputGradients {
  return shared
    ? { dRecent: padTo(engine, dNewest, shared.recent.shape[0]) }
    : { dx: padTo(engine, dNewest, x.shape[0]) };
}

/** One pass through the long-term module. */
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
