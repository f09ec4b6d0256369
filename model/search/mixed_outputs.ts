/**
 * How α learns if the modules' outputs are mixed, as in the paper: from the loss of the mixture on validation
 * batches.
 *
 * @module
 */
import type { AlphaAdam } from "./alpha.ts";
import { firstOrder, secondOrder } from "./architect.ts";
import { BilevelStep } from "./bilevel_step.ts";
import { Cursor, type ExamplePool } from "../train/order.ts";
import { TemperatureScaling } from "./temperature_scaling.ts";
import type { SearchOptions } from "./state.ts";
import type { Trainer, TrainingPass } from "./trainer.ts";

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
