/**
 * How α learns if the modules' outputs are mixed, as in the paper: from the loss of the mixture on validation
 * batches.
 *
 * @module
 */
import { AlphaAdam, alphaGradient, type AlphaState } from "./alpha.ts";
import { Cursor, type ExamplePool } from "../train/order.ts";
import type { SearchOptions } from "./state.ts";
import type { SearchResult, Trainer, TrainingPass } from "./trainer.ts";
import { type Dropout, NO_DROPOUT } from "../layers/dropout.ts";
import type { Weights } from "../layers/parameters.ts";
import type { Example } from "../train/network_training.ts";
import type { Engine } from "../backend/types.ts";
import type { Tensor, Tensor2D } from "../backend/tensor.ts";
import type { BatchResult } from "../train/method.ts";

/** Learning rate of the factor's logarithm. */
const RATE = 0.02;

/** The factor, initially 1. The weights never learn with it. */
export class TemperatureScaling {
  readonly #log = new AlphaAdam(1, RATE);

  /** The factor that validation scores are multiplied by. */
  get scale(): number {
    return Math.exp(this.#log.values[0]);
  }

  /** @param dScale The gradient of the validation loss with respect to {@link TemperatureScaling.scale}. */
  apply(dScale: number): void {
    this.#log.apply(Float64Array.of(dScale * this.scale));
  }

  state(): AlphaState {
    return this.#log.state();
  }

  restore(state: AlphaState): void {
    this.#log.restore(state);
  }
}

/** The gradients of a pass. Rows of tables that it does not list are zero. */
export type Direction = Pick<BatchResult, "gradients" | "rows">;

/** The Euclidean length of a direction. */
export function directionNorm({ tf, kernels }: Engine, { gradients, rows }: Direction): number {
  const all = [...Object.values(gradients), ...rows.map(({ gradient }) => gradient)];
  return Math.sqrt(tf.tidy(() => kernels.sumOfSquares(all).dataSync()[0]));
}

/** Weights at W + scale · direction. Use it within `tf.tidy`. */
export function perturbed(
  { tf, kernels }: Engine,
  weights: Weights,
  { gradients, rows: moves }: Direction,
  scale: number,
): Weights {
  const names = Object.keys(gradients);
  const tensors = kernels.addScaled(names.map(weights), Object.values(gradients), scale);
  const moved = new Map(names.map((name, i) => [name, tensors[i]]));
  const gather = (from: Tensor2D, ids: Int32Array) =>
    kernels.gatherRows(from, tf.tensor1d(ids, "int32")) as Tensor2D;
  const rows = (name: string, ids: Int32Array): Tensor2D => {
    const own = gather(weights(name) as Tensor2D, ids), move = moves.find(({ table }) => table === name);
    if (!move) return own;
    const places = new Map(Array.from(move.rows, (row, i) => [row, i + 1])); // 0 if a row has no gradient
    const padded = tf.concat([tf.zeros([1, move.gradient.shape[1]]), move.gradient], 0) as Tensor2D;
    return kernels.addScaled(
      [own],
      [gather(padded, ids.map((id) => places.get(id) ?? 0))],
      scale,
    )[0] as Tensor2D;
  };
  return Object.assign((name: string): Tensor => moved.get(name) ?? weights(name), { rows });
}

/** W + scale · direction. */
export interface Perturbation<D> {
  direction: D;
  scale: number;
}

/** Gradients of a loss. */
export interface BothGradients<D> {
  /** Gradient with respect to α, [candidates]. */
  alpha: Float64Array;
  /** Gradient with respect to W. */
  weights: D;
}

/** A bilevel problem at its current W and α. `D` is a direction in the space of W. */
export interface Bilevel<D> {
  /** The gradient of a loss with respect to α alone, [candidates], at W or displaced: much less work than both gradients. */
  alphaGradient(loss: "train" | "validation", at?: Perturbation<D>): Float64Array;
  /** The gradients of a loss, at W or displaced. */
  gradients(loss: "train" | "validation", at?: Perturbation<D>): BothGradients<D>;
  /** The Euclidean length of a direction. */
  norm(direction: D): number;
}

/**
 * ‖ε · direction‖ of the finite difference. DARTS uses 0.01 and a two-sided difference. A one-sided difference takes
 * half the passes, because the gradient at W is already known, but its error grows with ε. Compared with the exact
 * product, in networks of D = 64 from fresh to trained, the error was 0.0006 to 0.005; with 0.01 it was 0.005 to 0.3.
 * Much smaller displacements drown in the rounding of single precision.
 */
const DISPLACEMENT = 0.0002;

/** First order (ξ = 0): ∇_α L_val(W, α), as if W did not depend on α. */
export function firstOrder<D>(problem: Bilevel<D>): Float64Array {
  return problem.alphaGradient("validation");
}

/**
 * Second order: ∇_α L_val(W′, α) − ξ ∇²_{α,W} L_train(W, α) · ∇_{W′} L_val(W′, α).
 *
 * The product of the mixed second derivatives with the vector v = ∇_{W′} L_val is approximated by a difference of
 * first derivatives: (∇_α L_train(W + εv, α) − ∇_α L_train(W, α)) / ε with ε = 0.0002 / ‖v‖. All terms use the same
 * training batch and the same validation batch: two forward and backward passes, and one forward pass.
 *
 * @param xi ξ, the step size of the approximation: the learning rate of W.
 */
export function secondOrder<D>(problem: Bilevel<D>, xi: number): Float64Array {
  const train = problem.gradients("train");
  const { alpha: gradient, weights: v } = problem.gradients("validation", {
    direction: train.weights,
    scale: -xi,
  });
  const length = problem.norm(v);
  if (length === 0) return gradient;
  const epsilon = DISPLACEMENT / length;
  const displaced = problem.alphaGradient("train", { direction: v, scale: epsilon });
  return gradient.map((own, m) => own - xi * (displaced[m] - train.alpha[m]) / epsilon);
}

/** The bilevel problem of one step, at the current weights and on one batch of each kind. Use it within `tf.tidy`. */
export class BilevelStep implements Bilevel<Direction> {
  validationLoss = NaN;
  /** The gradient of the validation loss with respect to `scale`. */
  dScale = 0;

  /**
   * @param alpha [candidates]
   * @param validation The validation batch that α learns from.
   * @param scale The factor that validation scores are multiplied by; see `temperature_scaling.ts`.
   * @param training The pass over the training batch at these weights and this α; only the second order needs it.
   */
  constructor(
    readonly trainer: Trainer,
    readonly alpha: Float64Array,
    readonly validation: Example,
    readonly scale: number,
    readonly training?: TrainingPass,
  ) {}

  alphaGradient(loss: "train" | "validation", at?: Perturbation<Direction>): Float64Array {
    const { trainer } = this;
    if (this.alpha.length === 1) return new Float64Array(1);
    let gradient!: Float64Array;
    trainer.engine.tf.tidy(() => {
      const result = trainer.mixGradient(this.#weights(at), this.alpha, ...this.#batch(loss));
      gradient = this.#read(loss, result);
    });
    return gradient;
  }

  gradients(loss: "train" | "validation", at?: Perturbation<Direction>): BothGradients<Direction> {
    const result = loss === "train" && !at
      ? this.#trainingPass.result
      : this.trainer.evaluate(this.#weights(at), this.alpha, ...this.#batch(loss));
    return { alpha: this.#read(loss, result), weights: result };
  }

  norm(direction: Direction): number {
    return directionNorm(this.trainer.engine, direction);
  }

  /** Reads the gradient of α from a pass; for the validation loss, also its value and the gradient of its scale. */
  #read(
    kind: "train" | "validation",
    { loss, dMix, dScale }: Pick<SearchResult, "loss" | "dMix" | "dScale">,
  ): Float64Array {
    if (kind === "validation") {
      this.validationLoss = loss.dataSync()[0];
      this.dScale = dScale!.dataSync()[0];
    }
    // A single candidate has all the weight of softmax(α), for any α.
    return dMix ? alphaGradient(this.alpha, dMix.dataSync()) : new Float64Array(1);
  }

  get #trainingPass(): TrainingPass {
    if (!this.training) throw new Error("The second order needs the training pass");
    return this.training;
  }

  #weights(at: Perturbation<Direction> | undefined): Weights {
    const { engine, optimizer: { weights } } = this.trainer;
    return at ? perturbed(engine, weights, at.direction, at.scale) : weights;
  }

  /** The validation loss has no dropout: dropout protects the weights from overfitting, and they do not learn from this loss. */
  #batch(loss: "train" | "validation"): [Example, Dropout, number | undefined] {
    if (loss === "validation") return [this.validation, NO_DROPOUT, this.scale];
    const { example, dropout } = this.#trainingPass;
    return [example, dropout, undefined];
  }
}

/** A search by mixed outputs. */
export class MixedOutputs {
  /** Current place in the validation data. */
  readonly cursor: Cursor;
  readonly calibration = new TemperatureScaling();

  /** @param targets Targets that α learns from. */
  constructor(
    readonly trainer: Trainer,
    readonly alpha: AlphaAdam,
    targets: ExamplePool,
    readonly options: Pick<SearchOptions, "search" | "rate" | "batchSize" | "seed">,
  ) {
    this.cursor = new Cursor(targets, options.batchSize, "search/alpha", options.seed);
  }

  /**
   * Takes one step of α and one of the weights. In the second order both start from the previous weights and α: the
   * gradient that leads to W′ is also the one that the weights follow.
   *
   * @param number Number of previous steps.
   * @param isWarm Whether α learns; the scale of the scores always does.
   */
  step(number: number, isWarm: boolean): { trainLoss: number; validationLoss: number } {
    if (this.options.search === "darts2" && isWarm) {
      let validationLoss = NaN;
      const trainLoss = this.trainer.step(this.alpha.values, (training) => {
        validationLoss = this.#stepAlpha(number, isWarm, training);
      });
      return { trainLoss, validationLoss };
    }
    const validationLoss = this.#stepAlpha(number, isWarm);
    return { trainLoss: this.trainer.step(this.alpha.values), validationLoss };
  }

  /** @param training For the second order: the pass whose gradients the weights follow. */
  #stepAlpha(number: number, isWarm: boolean, training?: TrainingPass): number {
    const { part } = this.cursor;
    const example = this.trainer.example({ rows: this.cursor.next(), part }, number, "validation");
    const problem = new BilevelStep(
      this.trainer,
      this.alpha.values,
      example,
      this.calibration.scale,
      training,
    );
    const gradient = training ? secondOrder(problem, this.options.rate) : firstOrder(problem);
    this.calibration.apply(problem.dScale);
    if (isWarm) this.alpha.apply(gradient);
    return problem.validationLoss;
  }
}
