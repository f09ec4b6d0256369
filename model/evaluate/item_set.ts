/**
 * A set of items that is emptied in constant time.
 *
 * @module
 */

/** A set for one history after another: {@link ItemSet.clear} takes the same time for any contents. */
export class ItemSet {
  readonly #stamps: Uint32Array;
  #now = 1;

  /** @param items Number of items; their ids are 0 (padding) … `items`. */
  constructor(items: number) {
    this.#stamps = new Uint32Array(items + 1);
  }

  /** Empties the set. */
  clear(): void {
    if (this.#now === 0xffff_ffff) {
      this.#stamps.fill(0);
      this.#now = 0;
    }
    this.#now++;
  }

  /** Adds an item; returns false if the set already had it. */
  add(item: number): boolean {
    if (this.#stamps[item] === this.#now) return false;
    this.#stamps[item] = this.#now;
    return true;
  }

  /** Whether the set has the item. */
  has(item: number): boolean {
    return this.#stamps[item] === this.#now;
  }
}
