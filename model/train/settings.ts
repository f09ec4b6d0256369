/**
 * How a network is trained.
 *
 * @module
 */
import type { LossName } from "./losses/registry.ts";
import type { Distribution } from "./negatives.ts";

/** How a network is trained: the same for search and training. */
export interface TrainingSettings {
  loss: LossName;
  /** Negatives of each target, or negatives that a batch shares: what the loss compares with, see `train/losses/`. */
  trainNegatives: number;
  /** How these are distributed. */
  trainDistribution: Distribution;
  /** For `ce`: τ of the logit adjustment, 0 without; see `train/losses/cross_entropy.ts`. Default 0. */
  logitAdjustment?: number;
  /** For `bpr-max`: λ of the score regularisation. Default 1. */
  scoreRegularisation?: number;
  /** Adam's learning rate. */
  rate: number;
  /** Targets a step. */
  batchSize: number;
  seed: number;
}
