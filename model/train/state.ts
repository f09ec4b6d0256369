/**
 * The settings of a training, and where it stands: plain data.
 *
 * @module
 */
import type { StageContext } from "../../pipeline/contract/stage.ts";
import type { TrainingSettings } from "./settings.ts";
import type { TrainRecord } from "../records/records.ts";
import type { OptimizerState } from "./optimizer.ts";

/** How the learning rate goes: as it is; or from it to a fiftieth along half a cosine, over all epochs. */
export const SCHEDULES = ["constant", "cosine"] as const;
export type Schedule = (typeof SCHEDULES)[number];

/** How long a training continues, and by what it is judged. */
export interface TrainingOptions extends TrainingSettings, StageContext {
  /** What tables and comparisons call the network. Default: AutoMLP. */
  name?: string;
  /** At most so many epochs. */
  epochs: number;
  /** Default: constant, as in the paper. */
  schedule?: Schedule;
  /** Stops after so many epochs without a better metric. */
  patience: number;
  /** The metric of the validation part that decides, as in "NDCG@10". */
  metric: string;
  /** The protocol of that metric. */
  protocol: string;
  /** Stops in time for this moment (`performance.now()`), whatever is left of the epoch. */
  deadline?: number;
}

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
