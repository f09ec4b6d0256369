/**
 * The state of a training, as plain data.
 *
 * @module
 */
import type { TrainRecord } from "../records/records.ts";
import type { OptimizerState } from "./optimizer.ts";

/** Everything that a {@link Training} needs to continue. */
export interface TrainingState {
  /** The weights and their moments. */
  optimizer: OptimizerState;
  /** Values of the best epoch's weights. */
  best?: Map<string, Float32Array>;
  /** The epoch with the best weights, from 1; 0 if none was validated. */
  bestEpoch: number;
  /** Number of epochs completed. */
  epoch: number;
  /** Number of batches done in the current epoch. */
  batch: number;
  /** Number of examples in each part of a dataset in several parts; the place in the epoch depends on them. */
  parts?: number[];
  /** Sum of the losses of this epoch's batches so far. */
  lossSum: number;
  /** Seconds of training so far. */
  seconds: number;
  /** The records so far. */
  history: TrainRecord[];
}
