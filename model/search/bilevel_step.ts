/**
 * One step of a search as a bilevel problem.
 *
 * @module
 */
import { type Dropout, NO_DROPOUT } from "../layers/dropout.ts";
import type { Weights } from "../layers/parameters.ts";
import type { Example } from "../train/network_training.ts";
import { alphaGradient } from "./alpha.ts";
import type { Bilevel, BothGradients, Perturbation } from "./architect.ts";
import { type Direction, directionNorm, perturbed } from "./perturb.ts";
import type { SearchResult, Trainer, TrainingPass } from "./trainer.ts";

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
