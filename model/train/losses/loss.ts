/**
 * What a training loss is: from representations and item vectors to the mean loss of a batch and its gradients.
 *
 * @module
 */
import type { ShiftedItems } from "../../backend/linear_cross_entropy.ts";
import type { Engine } from "../../backend/types.ts";
import type { Scalar, Tensor1D, Tensor2D } from "../../backend/tensor.ts";

/**
 * What a loss compares a target with: all items, negatives of its own, or negatives that all targets of the batch share.
 */
export type NegativesKind = "none" | "each target" | "shared";

/** The mean loss of a batch, and its gradients. */
export interface Loss {
  value: Scalar;
  /** [n, E] */
  dh: Tensor2D;
  /** [V, E], of the item vectors, row by row. */
  dVectors: Tensor2D;
  /** [V], of the items' biases, if there are any. */
  dBiases?: Tensor1D;
}

/** What a loss is given beside the vectors. */
export interface LossInputs {
  /** [n], rows of the item vectors. */
  targets: Int32Array;
  /** Rows of the item vectors: m for each target in turn, m that all share, or none. */
  negatives: Int32Array;
  /** [V]: what is added to the scores of each row of the item vectors; nothing if left out. */
  biases?: Tensor1D;
  /** For `shared`: log of the chance that one draw gives the item of a row. */
  logChance(row: number): number;
  /** For `ce`: what is added to the scores of items 1 … V within the softmax; nothing if left out. */
  adjustment?: Float32Array;
  /** For `ce`: items whose scores are shifted for some of the targets; none if left out. */
  shifted?: ShiftedItems;
  /** For `bpr-max`: λ of the score regularisation. */
  scoreRegularisation: number;
}

/** A loss. */
export interface LossDefinition {
  /** In a few words, for `--help`. */
  readonly help: string;
  readonly negatives: NegativesKind;
  /** How many negatives are drawn by default: for each target, or for a batch. */
  readonly defaultNegatives: number;
  /**
   * The mean loss of a batch, within `tf.tidy`.
   *
   * @param h [n, E] representations.
   * @param vectors [V, E] item vectors. For `none` row i is item i, and row 0, the padding, takes no part.
   */
  value(engine: Engine, h: Tensor2D, vectors: Tensor2D, inputs: LossInputs): Loss;
  /** The same without gradients, where that is less work. */
  mean?(engine: Engine, h: Tensor2D, vectors: Tensor2D, inputs: LossInputs): Scalar;
}

/** The mean loss of a batch, and nothing to go back by; within `tf.tidy`. */
export const meanLoss = (definition: LossDefinition, ...given: Parameters<LossDefinition["value"]>): Scalar =>
  definition.mean?.(...given) ?? definition.value(...given).value;
