/**
 * Adam on the architecture parameters: a handful of numbers, so plain ones.
 *
 * @module
 */

/** α and its moments, in a {@link SearchState}. */
export interface AlphaState {
  /** Steps that α took. */
  step: number;
  /** [candidates] α. */
  values: number[];
  /** [candidates] Adam's first moments. */
  first: number[];
  /** [candidates] Adam's second moments. */
  second: number[];
}

const BETA1 = 0.9, BETA2 = 0.999, EPSILON = 1e-8;

/** α, which begins at zero: all candidates weigh the same. */
export class AlphaAdam {
  values: Float64Array;
  #first: Float64Array;
  #second: Float64Array;
  #step = 0;

  constructor(candidates: number, public rate: number) {
    [this.values, this.#first, this.#second] = [0, 1, 2].map(() => new Float64Array(candidates));
  }

  /** Steps done. */
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
