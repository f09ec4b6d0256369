/**
 * Confidence of the scores that α is judged by: one factor for all of them, learnt alongside α on the same batches.
 *
 * A network in training is often more confident than validation data justify, and mixing in a module that knows
 * nothing makes it less confident. Without this factor α would learn to do that; with it, only what a module knows
 * counts. Source: temperature scaling (Guo et al., "On Calibration of Modern Neural Networks", ICML 2017); using it
 * here is our own idea.
 *
 * @module
 */
import { AlphaAdam, type AlphaState } from "./alpha.ts";

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
