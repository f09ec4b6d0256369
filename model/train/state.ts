/**
 * How far a training is: plain data.
 *
 * @module
 */
import type { TrainRecord } from "../records/records.ts";
import type { OptimizerState } from "./optimizer.ts";

/** Everything that a training needs to continue. */
export interface TrainingState {
  optimizer: OptimizerState;
  /** Values of the best epoch's weights. */
  best?: Map<string, Float32Array>;
  bestEpoch: number;
  epoch: number;
  batch: number;
  /** Sum of the losses of this epoch's batches so far. */
  lossSum: number;
  /** Seconds of training so far. */
  seconds: number;
  history: TrainRecord[];
}
