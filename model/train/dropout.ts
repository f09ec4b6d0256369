/**
 * Which elements dropout leaves out in a step.
 *
 * @module
 */
import { RandomStream } from "../../pipeline/contract/random.ts";
import type { Dropout } from "../layers/dropout.ts";

/**
 * Draws the masks of all steps: a mask is a pure function of seed, purpose, step and place in the network. Another seed gives
 * other masks, and a resumed run the same as one in one piece.
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

  /** Of one step. Asked again, it is the same: the gradient needs the mask of its forward pass. */
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
