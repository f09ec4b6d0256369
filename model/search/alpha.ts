/**
 * Adam for the architecture parameters. They are only a handful of numbers, so plain arrays are enough.
 *
 * @module
 */
import { softmax } from "../records/probabilities.ts";

/** α and its Adam moments, part of a {@link SearchState}. */
export interface AlphaState {
  /** Number of steps α has taken. */
  step: number;
  /** α of each candidate, [candidates]. */
  values: number[];
  /** Adam's first moments, [candidates]. */
  first: number[];
  /** Adam's second moments, [candidates]. */
  second: number[];
}

const BETA1 = 0.9, BETA2 = 0.999, EPSILON = 1e-8;

/** α with its optimizer. It starts at zero: all candidates have the same weight. */
export class AlphaAdam {
  values: Float64Array;
  #first: Float64Array;
  #second: Float64Array;
  #step = 0;

  constructor(candidates: number, public rate: number) {
    [this.values, this.#first, this.#second] = [0, 1, 2].map(() => new Float64Array(candidates));
  }

  /** Number of steps done. */
  get step(): number {
    return this.#step;
  }

  /**
   * One step of descent.
   *
   * @param gradient [candidates]
   * @param learns Whether the candidate at a place still learns; one that does not keeps its value.
   */
  apply(gradient: Float64Array, learns: (place: number) => boolean = () => true): void {
    const step = ++this.#step;
    this.values = this.values.map((value, i) => {
      if (!learns(i)) return value;
      this.#first[i] = BETA1 * this.#first[i] + (1 - BETA1) * gradient[i];
      this.#second[i] = BETA2 * this.#second[i] + (1 - BETA2) * gradient[i] ** 2;
      const mean = this.#first[i] / (1 - BETA1 ** step), square = this.#second[i] / (1 - BETA2 ** step);
      return value - this.rate * mean / (Math.sqrt(square) + EPSILON);
    });
  }

  state(): AlphaState {
    const [values, first, second] = [this.values, this.#first, this.#second].map((numbers) =>
      Array.from(numbers)
    );
    return { step: this.#step, values, first, second };
  }

  restore({ step, values, first, second }: AlphaState): void {
    this.#step = step;
    [this.values, this.#first, this.#second] = [values, first, second].map((numbers) =>
      Float64Array.from(numbers)
    );
  }
}

/** Computes the gradient of α from that of softmax(α): dα = p ⊙ (dp − p·dp). */
export function alphaGradient(alpha: ArrayLike<number>, dMix: ArrayLike<number>): Float64Array {
  const p = softmax(alpha);
  const mean = p.reduce((sum, share, i) => sum + share * dMix[i], 0);
  return p.map((share, i) => share * (dMix[i] - mean));
}
