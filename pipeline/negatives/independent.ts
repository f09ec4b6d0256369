/**
 * Draws items by weight with replacement, leaving one out.
 *
 * @module
 */
import { AliasTable } from "../contract/alias.ts";
import type { RandomStream } from "../contract/random.ts";

/** Draws in vain, for one item, after which rejection gives way to the exact method. */
const PATIENCE = 200;

/**
 * Weighted sampling with replacement. Draws from an alias table are rejected when they hit the item that is left out. That is
 * fast unless it has nearly all of the weight: then the item is found by binary search among the sums of the others' weights.
 */
export class IndependentSampler {
  readonly #table: AliasTable;
  /** [n + 1]: the weight before, and from, each item on. Two sums, so that a heavy item hides no light ones behind it. */
  readonly #before: Float64Array;
  readonly #from: Float64Array;

  /** @param weights [items + 1], by item id; at least two are not 0. */
  constructor(weights: Float64Array) {
    const n = weights.length;
    this.#table = new AliasTable(weights);
    this.#before = new Float64Array(n + 1);
    this.#from = new Float64Array(n + 1);
    for (let i = 0; i < n; i++) this.#before[i + 1] = this.#before[i] + weights[i];
    for (let i = n - 1; i >= 0; i--) this.#from[i] = this.#from[i + 1] + weights[i];
  }

  /** Fills `out` with items other than `excluded`; the same may come again. */
  draw(out: Uint32Array, excluded: number, random: RandomStream): void {
    for (let i = 0; i < out.length; i++) {
      let item = this.#table.draw(random);
      for (let vain = 1; item === excluded && vain < PATIENCE; vain++) item = this.#table.draw(random);
      out[i] = item === excluded ? this.#drawOther(excluded, random) : item;
    }
  }

  #drawOther(excluded: number, random: RandomStream): number {
    const before = this.#before[excluded], behind = this.#from[excluded + 1];
    const at = random.float() * (before + behind);
    // The last item whose weight begins at or before the point, on the point's side of the excluded one.
    return at < before
      ? lastWhere(0, excluded - 1, (item) => this.#before[item] <= at)
      : lastWhere(excluded + 1, this.#from.length - 2, (item) => behind - this.#from[item] <= at - before);
  }
}

/** The last whole number of `low` … `high` for which `holds`, which is true of `low` and of no number behind the first false. */
function lastWhere(low: number, high: number, holds: (number: number) => boolean): number {
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
