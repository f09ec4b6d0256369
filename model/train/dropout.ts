/**
 * Which elements dropout leaves out in a step.
 *
 * @module
 */
import { RandomStream } from "../../pipeline/contract/random.ts";
import type { Dropout } from "../layers/dropout.ts";

/**
 * Draws the masks of all steps. A mask is a pure function of seed, purpose, step and place in the network, so another
 * seed gives other masks, and a resumed run has the same masks as an uninterrupted one.
 */
export class DropoutDraw {
  readonly #random: RandomStream;

  /**
   * @param rate See {@link Dropout.rate}.
   * @param purpose Distinguishes the search from retraining.
   */
  constructor(readonly rate: number, seed: number, purpose: string) {
    this.#random = new RandomStream(seed, `dropout/${purpose}`);
  }

  /** The dropout of one step. Repeated calls give the same: the gradient needs the mask of its forward pass. */
  at(step: number): Dropout {
    return {
      rate: this.rate,
      mask: (place) => {
        this.#random.seek(step, place);
        return this.#random.uint32();
      },
    };
  }
}
