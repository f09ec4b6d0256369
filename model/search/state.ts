/**
 * The settings and the state of a search, as plain data.
 *
 * @module
 */
import type { StageContext } from "../../pipeline/contract/stage.ts";
import type { TrainingSettings } from "../train/settings.ts";
import type { SearchMethod, SearchRecord } from "../records/records.ts";
import type { OptimizerState } from "../train/optimizer.ts";
import type { AlphaState } from "./alpha.ts";
import type { ComparisonState } from "./evidence.ts";

/** Options of a {@link Search}. */
export interface SearchOptions extends TrainingSettings, StageContext {
  /**
   * Epochs over the training targets that are not held out. Default: 3, or as many as make 400 steps.
   */
  epochs: number;
  /** Whether the candidates share weights and their losses are compared, or their outputs are mixed. Default: `shared`. */
  search: SearchMethod;
  /** Share of the steps in which only the weights learn, so that α judges modules that have learnt something. Default: 0.3. */
  warmup: number;
  /** Learning rate of α. Default: 0.01. */
  alphaRate: number;
  /**
   * α learns from the validation positives, or from this share of the training targets, which are then held out from
   * W. One positive for each user is little to learn from if there are few users: α then follows chance. Default:
   * 0.3.
   */
  alphaData: "validation" | number;
  /**
   * Approximate maximum number of training targets in the search, held-out ones included; their users are drawn at
   * random. Default: 1000000.
   */
  targets: number;
  /** Share of the loss below which a difference between two candidates does not matter. Default 0.0005. */
  margin: number;
  /**
   * With `shared`: drops candidates that are clearly worse during the search, and ends the search once its
   * answer can no longer change. Default: true.
   */
  elimination: boolean;
  /** Steps between two records of the history. Default: 20. */
  every: number;
  /** The moment (`performance.now()`) after which the search stops, at the end of the current step. */
  deadline?: number;
}

/** Everything that a {@link Search} needs to continue. */
export interface SearchState {
  /** The weights and their moments. */
  optimizer: OptimizerState;
  /** α and its moments. */
  alpha: AlphaState;
  /** State of the temperature scaling that is used if outputs are mixed. */
  calibration: AlphaState;
  /** Place in the training data. */
  train: [epoch: number, batch: number];
  /** Place in the validation data; see `train`. */
  validation: [epoch: number, batch: number];
  /** Place in the held-out data; see `train`. */
  heldOut: [round: number, place: number];
  /**
   * Number of training targets, or groups of them, in each part of a dataset in parts. With other parts, the places
   * mean something else.
   */
  parts?: number[];
  /** State of the comparison between the candidates. */
  comparison: ComparisonState;
  /** Seconds of computing so far. */
  seconds: number;
  /** Sums of the losses since the last record, and their counts: those of the weights' steps, and of the judgements. */
  sums: [train: number, validation: number, steps: number, judged: number];
  /** The records so far. */
  history: SearchRecord[];
}
