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

/** α, which begins at zero: all candidates weigh the same. */
export class AlphaAdam {
  values: Float64Array;
  #first: Float64Array;
  #second: Float64Array;
  #step = 0;

  constructor(
    candidates: number,
    public rate: number,
    readonly beta1 = 0.9,
    readonly beta2 = 0.999,
    readonly epsilon = 1e-8,
  ) {
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
    const { beta1, beta2 } = this, step = ++this.#step;
    this.values = this.values.map((value, i) => {
      if (!learns(i)) return value;
      this.#first[i] = beta1 * this.#first[i] + (1 - beta1) * gradient[i];
      this.#second[i] = beta2 * this.#second[i] + (1 - beta2) * gradient[i] ** 2;
      const mean = this.#first[i] / (1 - beta1 ** step), square = this.#second[i] / (1 - beta2 ** step);
      return value - this.rate * mean / (Math.sqrt(square) + this.epsilon);
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
