/**
 * One step of a search as a bilevel problem.
 *
 * @module
 */
import { alphaGradient } from "../automlp/network.ts";
import type { Example } from "../automlp/objective.ts";
import { type Dropout, NO_DROPOUT } from "../layers/dropout.ts";
import type { Weights } from "../layers/parameters.ts";
import type { Trainer } from "./trainer.ts";
import type { Bilevel, Perturbation } from "./architect.ts";
import { type Direction, directionNorm, keepDirection, perturbed, releaseDirection } from "./perturb.ts";

/** The bilevel problem of one step: at the weights as they stand, on one batch of each kind. */
export class BilevelStep implements Bilevel<Direction> {
  validationLoss = NaN;
  /** The gradient of the validation loss with respect to `scale`. */
  dScale = 0;

  /**
   * @param alpha [candidates]
   * @param scale What validation scores are multiplied by; see `calibration.ts`.
   */
  constructor(
    readonly learner: Trainer,
    readonly alpha: Float64Array,
    readonly examples: { train?: Example; validation: Example },
    readonly scale: number,
  ) {}

  alphaGradient(loss: "train" | "validation", at?: Perturbation<Direction>): Float64Array {
    const { engine, parts: { objective } } = this.learner;
    if (this.alpha.length === 1) return new Float64Array(1);
    const dMix = engine.tf.tidy(() => {
      const result = objective.mixGradient(
        this.#weights(at),
        this.alpha,
        this.examples[loss]!,
        this.#dropout(loss),
        this.#scale(loss),
      );
      if (loss === "validation") {
        this.validationLoss = result.loss.dataSync()[0];
        this.dScale = result.dScale.dataSync()[0];
      }
      return result.dMix.dataSync() as Float32Array;
    });
    return alphaGradient(this.alpha, dMix);
  }

  weightGradient(loss: "train" | "validation", at?: Perturbation<Direction>): Direction {
    const { engine, parts: { objective } } = this.learner;
    let kept: Direction | undefined;
    engine.tf.tidy(() => {
      const result = objective.evaluate(
        this.#weights(at),
        this.alpha,
        this.examples[loss]!,
        this.#dropout(loss),
        this.#scale(loss),
      );
      kept = keepDirection(engine, result);
    });
    return kept!;
  }

  #weights(at: Perturbation<Direction> | undefined): Weights {
    const { engine, parts: { optimizer: { weights } } } = this.learner;
    return at ? perturbed(engine, weights, at.direction, at.scale) : weights;
  }

  /** The loss that α is judged by has none: dropout's noise is not the weights' to be shielded from. */
  #dropout(loss: "train" | "validation"): Dropout {
    return loss === "train" ? this.learner.dropout : NO_DROPOUT;
  }

  #scale(loss: "train" | "validation"): number {
    return loss === "validation" ? this.scale : 1;
  }

  norm(direction: Direction): number {
    return directionNorm(this.learner.engine, direction);
  }

  release(direction: Direction): void {
    releaseDirection(direction);
  }
}
