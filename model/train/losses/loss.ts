/**
 * The interface of a training loss: from representations and item vectors to the mean loss of a batch and its
 * gradients.
 *
 * @module
 */
import type { ShiftedItems } from "../../backend/cross_entropy.ts";
import type { Engine } from "../../backend/types.ts";
import type { Scalar, Tensor1D, Tensor2D } from "../../backend/tensor.ts";

/**
 * What a loss compares a target with: all items, its own negatives, or negatives that all targets of the batch share.
 */
export type NegativesKind = "none" | "each target" | "shared";

/** The mean loss of a batch, and its gradients. */
export interface Loss {
  value: Scalar;
  /** Gradient of the representations, [n, E]. */
  dh: Tensor2D;
  /** Gradient of the item vectors, row by row, [V, E]. */
  dVectors: Tensor2D;
  /** Gradient of the items' biases, if there are any, [V]. */
  dBiases?: Tensor1D;
}

/** The inputs of a loss besides the vectors. */
export interface LossInputs {
  /** The targets' rows of the item vectors, [n]. */
  targets: Int32Array;
  /** The negatives' rows of the item vectors: m for each target in turn, m that all share, or none. */
  negatives: Int32Array;
  /** Values added to the scores of each row of the item vectors, [V]; left out: nothing is added. */
  biases?: Tensor1D;
  /** For `shared`: logarithm of the probability that one draw gives the item of a row. */
  logChance(row: number): number;
  /** For `ce`: values added to the scores of items 1 … V within the softmax; left out: nothing is added. */
  adjustment?: Float32Array;
  /** For `ce`: items whose scores are shifted for some of the targets; left out: none. */
  shifted?: ShiftedItems;
  /** For `bpr-max`: λ of the score regularisation. */
  scoreRegularisation: number;
}

/** A loss. */
export interface LossDefinition {
  /** A short description for `--help`. */
  readonly help: string;
  readonly negatives: NegativesKind;
  /** Default number of negatives: for each target, or for a batch. */
  readonly defaultNegatives: number;
  /**
   * Computes the mean loss of a batch, within `tf.tidy`.
   *
   * @param h Representations, [n, E].
   * @param vectors Item vectors, [V, E]. For `none` row i is item i, and row 0, the padding, takes no part.
   */
  value(engine: Engine, h: Tensor2D, vectors: Tensor2D, inputs: LossInputs): Loss;
  /** The same without gradients, if that is less work. */
  mean?(engine: Engine, h: Tensor2D, vectors: Tensor2D, inputs: LossInputs): Scalar;
}

/** The mean loss of a batch without gradients, within `tf.tidy`. */
export const meanLoss = (definition: LossDefinition, ...given: Parameters<LossDefinition["value"]>): Scalar =>
  definition.mean?.(...given) ?? definition.value(...given).value;
