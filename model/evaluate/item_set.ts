/**
 * A set of items that is emptied at no cost.
 *
 * @module
 */

/** A set for one history after another: {@link ItemSet.clear} takes the same time whatever is in it. */
export class ItemSet {
  readonly #stamps: Uint32Array;
  #now = 1;

  /** @param items Items have the ids 0 (padding) … `items`. */
  constructor(items: number) {
    this.#stamps = new Uint32Array(items + 1);
  }

  /** Empties it. */
  clear(): void {
    if (this.#now === 0xffff_ffff) {
      this.#stamps.fill(0);
      this.#now = 0;
    }
    this.#now++;
  }

  /** Adds an item; false if it was in it already. */
  add(item: number): boolean {
    if (this.#stamps[item] === this.#now) return false;
    this.#stamps[item] = this.#now;
    return true;
  }

  /** Whether the item is marked. */
  has(item: number): boolean {
    return this.#stamps[item] === this.#now;
  }
}
