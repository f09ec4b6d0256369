/**
 * How a network is trained.
 *
 * @module
 */
import type { LossName } from "./losses.ts";
import type { Distribution } from "./negatives.ts";

/** How a network is trained: the same for search and training. */
export interface TrainingSettings {
  loss: LossName;
  /** For `bce`: negatives of each target; for `sampled-softmax`: negatives that a batch shares. */
  negatives: number;
  /** How these are distributed. */
  distribution: Distribution;
  /** For `ce`: τ of the logit adjustment, 0 without; see `train/losses.ts`. Default 0. */
  logitAdjustment?: number;
  /** Adam's learning rate. */
  rate: number;
  /** Targets a step. */
  batchSize: number;
  seed: number;
}
