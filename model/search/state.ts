/**
 * The settings of a search, and where it stands: plain data.
 *
 * @module
 */
import type { Same } from "../../pipeline/contract/options/describes.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import type { TrainingSettings } from "../train/settings.ts";
import type { SearchRecord } from "../records/records.ts";
import type { OptimizerState } from "../train/optimizer.ts";
import type { AlphaState } from "./alpha.ts";
import type { ComparisonState } from "./comparison.ts";
import type { Rule } from "./select.ts";
import type { SearchedSizes } from "./space.ts";

/**
 * What softmax(α) weighs. `losses`: the losses of the candidates' own networks, Σ_m softmax(α)_m L(k_m). In a step of
 * the weights they learn side by side, each by its own loss, so that each learns to stand alone. One-shot search shares
 * weights in the same way, though there one path learns in a step (Bender et al., ICML 2018; Guo et al., ECCV 2020).
 * `outputs`: the modules' outputs within one network, as the paper has it; there a module can make up for another, so α
 * tells less of what each is worth by itself.
 *
 * @example
 * ```ts
 * import { planOf, RELAXATIONS } from "automlp";
 *
 * const methods = RELAXATIONS.map((relaxation) => ({ method: "automlp" as const, label: relaxation, relaxation }));
 * console.log(planOf({ name: "both", methods, seeds: [1], common: { epochs: 5 } }));
 * ```
 */
export const RELAXATIONS = ["losses", "outputs"] as const;
/** What softmax(α) weighs: one of the {@link RELAXATIONS}. */
export type Relaxation = "losses" | "outputs";
true satisfies Same<Relaxation, (typeof RELAXATIONS)[number]>;

/** How α is searched for by a {@link Search}. */
export interface SearchOptions extends TrainingSettings, StageContext {
  /**
   * Epochs over the training targets that are not held out. Default: 3, or as many as make 400 steps; so many for each choice of sizes with
   * `over`.
   */
  epochs: number;
  /**
   * Sizes that are compared beside the short-term length, each value of one with each of the others: `{ layers: [1, 2], dim: [32, 64] }`. A
   * candidate is then a network, and networks share what has the same name and shape. With relaxation `losses` only. Default: none.
   */
  over?: SearchedSizes;
  /** Default: losses; for the second order outputs. */
  relaxation: Relaxation;
  /**
   * 1: α learns as if the weights did not depend on it. 2: through one training step of the weights, which there are only
   * where that step depends on α: with `outputs`. Default: 1.
   */
  order: 1 | 2;
  /** Share of the steps in which only the weights learn: α judges modules that have learnt something. Default: 0.3. */
  warmup: number;
  /** Learning rate of α. Default: 0.01. */
  alphaRate: number;
  /**
   * α learns on the validation positives, or on this share of the training targets, which W then does not see. One positive
   * a user is little to learn from where users are few: α then follows what is accidental in them. Default: 0.3.
   */
  alphaData: "validation" | number;
  /** Training targets that the search takes, about so many at most, held-out ones among them: those of users who are drawn by chance. Default: 1000000. */
  targets: number;
  /** How the length is chosen. Default: `shortest-within-error`; where outputs are mixed, `argmax`. */
  select: Rule;
  /** Share of the loss below which a difference between two candidates does not matter. Default 0.0005. */
  margin: number;
  /**
   * By losses: candidates that are clearly worse are dropped on the way, and the search ends once its answer can no longer change. Default
   * true.
   */
  elimination: boolean;
  /** Steps between two records of the history. Default: 20. */
  every: number;
  /** Stops in time for this moment (`performance.now()`). */
  deadline?: number;
}

/** Everything that a {@link Search} needs to continue. */
export interface SearchState {
  /** The weights and their moments. */
  optimizer: OptimizerState;
  /** α and its moments. */
  alpha: AlphaState;
  /** Of the temperature, where outputs are mixed. */
  calibration: AlphaState;
  /** Places in the training and in the held-out data. */
  train: [epoch: number, batch: number];
  /** See `train`. */
  validation: [epoch: number, batch: number];
  /** See `train`. */
  heldOut: [round: number, place: number];
  /** Of a dataset in parts: training targets of each, or their groups. Between other parts the places are others. */
  parts?: number[];
  /** How the candidates stand beside each other. */
  comparison: ComparisonState;
  /** Of computing so far. */
  seconds: number;
  /** Sums of losses since the last record, and how many: of the weights' steps, and of judgements. */
  sums: [train: number, validation: number, steps: number, judged: number];
  /** What is on record so far. */
  history: SearchRecord[];
}
