/**
 * Draws from a discrete distribution in constant time.
 *
 * @module
 */
import type { RandomStream } from "./random.ts";

/**
 * Walker's alias table, built by Vose's method (IEEE Trans. Software Eng. 17, 1991): each draw takes one uniform number,
 * regardless of the number of outcomes.
 */
export class AliasTable {
  /** Thresholds [n]: outcome i stays i if the fractional part of a draw is below its threshold. */
  readonly #threshold: Float64Array;
  /** Outcomes [2n]: i at 2i, followed by its alias. Chosen by index, not by a branch, whose prediction would be wrong half of the time. */
  readonly #outcomes: Uint32Array;

  /**
   * @param weights Weights [n], not negative, not all zero. Outcome i is drawn with probability wᵢ / Σ w.
   */
  constructor(weights: ArrayLike<number>) {
    const n = weights.length;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      if (!(weights[i] >= 0)) {
        throw new RangeError(`Weight ${i} is ${weights[i]}: weights are numbers from 0`);
      }
      sum += weights[i];
    }
    if (!(sum > 0 && sum < Infinity)) {
      throw new RangeError(`The weights add up to ${sum}: nothing can be drawn`);
    }
    // Loops, because `from` takes ten times as long, and there may be millions of items.
    const threshold = this.#threshold = new Float64Array(n),
      outcomes = this.#outcomes = new Uint32Array(2 * n);
    const small = new Uint32Array(n), large = new Uint32Array(n);
    let smalls = 0, larges = 0;
    for (let i = 0; i < n; i++) {
      threshold[i] = weights[i] * n / sum;
      outcomes[2 * i] = outcomes[2 * i + 1] = i;
      if (threshold[i] < 1) small[smalls++] = i;
      else large[larges++] = i;
    }
    while (smalls > 0 && larges > 0) {
      const s = small[--smalls], l = large[larges - 1];
      outcomes[2 * s + 1] = l;
      threshold[l] -= 1 - threshold[s];
      if (threshold[l] < 1) {
        larges--;
        small[smalls++] = l;
      }
    }
    // Up to rounding, the remaining thresholds are 1. Rounding must not let an outcome of weight 0 be drawn.
    while (larges > 0) threshold[large[--larges]] = 1;
    while (smalls > 0) {
      const s = small[--smalls];
      if (weights[s] > 0) threshold[s] = 1;
      else {
        threshold[s] = 0;
        outcomes[2 * s + 1] = heaviest(weights);
      }
    }
  }

  /** Draws one outcome, 0 … n − 1. */
  draw(random: RandomStream): number {
    const x = random.float() * this.#threshold.length, i = x >>> 0;
    return this.#outcomes[2 * i + Number(x - i >= this.#threshold[i])];
  }
}

function heaviest(weights: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < weights.length; i++) if (weights[i] > weights[best]) best = i;
  return best;
}
