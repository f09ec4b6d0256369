/**
 * How far a training is: plain data.
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
  /** From 1; 0 where none was validated. */
  bestEpoch: number;
  /** Epochs that were gone through. */
  epoch: number;
  /** Batches of the epoch under way. */
  batch: number;
  /** Of a dataset in several parts, the examples of each: what the place in the epoch goes by. */
  parts?: number[];
  /** Sum of the losses of this epoch's batches so far. */
  lossSum: number;
  /** Seconds of training so far. */
  seconds: number;
  /** What is on record so far. */
  history: TrainRecord[];
}
