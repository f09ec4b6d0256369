/**
 * The k best items of a row of scores, without sorting the row.
 *
 * @module
 */
import type { ItemSet } from "./item_set.ts";

/** Selects the best k of many rows, one after another, reusing its arrays. Among equal scores the lower id wins. */
export class TopK {
  /** The selected items of the last row, best first; entries beyond the number that {@link TopK.select} returned are outdated. */
  readonly items: Uint32Array;
  /** Their scores. */
  readonly scores: Float32Array;

  #size = 0;

  constructor(readonly k: number) {
    this.items = new Uint32Array(k);
    this.scores = new Float32Array(k);
  }

  /**
   * Fills `items` and `scores` from one row. Items with the score −∞ are never selected.
   *
   * @param row [items + 1]; column 0 is the padding. No NaN.
   * @param excluded Items that are not selected.
   * @returns Number of selected items: k, or fewer if the row does not have as many.
   */
  select(row: Float32Array, excluded?: ItemSet): number {
    this.clear();
    for (let item = 1, worst = -Infinity; item < row.length; item++) {
      // Ids ascend, so of equal scores the first stays.
      if (!(row[item] > worst) || excluded?.has(item)) continue;
      this.offer(item, row[item]);
      if (this.#size === this.k) worst = this.scores[0];
    }
    return this.ordered();
  }

  /** Starts again without items, for items that are offered one by one. */
  clear(): void {
    this.#size = 0;
  }

  /** Adds an item if it is among the best so far; each item once, in any order. */
  offer(item: number, score: number): void {
    // items and scores are a heap with the worst on top, until they are sorted.
    if (this.#size < this.k) this.#siftUp(this.#size++, item, score);
    else if (this.#worse(0, item, score)) this.#siftDown(this.k, item, score);
  }

  /**
   * Puts what was offered in order.
   *
   * @returns How many there are.
   */
  ordered(): number {
    const { items, scores } = this, size = this.#size;
    for (let end = size - 1; end > 0; end--) {
      const item = items[end], score = scores[end];
      items[end] = items[0];
      scores[end] = scores[0];
      this.#siftDown(end, item, score);
    }
    return size;
  }

  /** Whether place a of the heap is worse than an item with this score. */
  #worse(a: number, item: number, score: number): boolean {
    return this.scores[a] < score || this.scores[a] === score && this.items[a] > item;
  }

  #put(place: number, item: number, score: number): void {
    this.items[place] = item;
    this.scores[place] = score;
  }

  /** Adds an item to a heap of `place` items. */
  #siftUp(place: number, item: number, score: number): void {
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (this.#worse(parent, item, score)) break;
      this.#put(place, this.items[parent], this.scores[parent]);
      place = parent;
    }
    this.#put(place, item, score);
  }

  /** Replaces the worst item in a heap of `size`. */
  #siftDown(size: number, item: number, score: number): void {
    let place = 0;
    while (true) {
      let child = 2 * place + 1;
      if (child >= size) break;
      if (child + 1 < size && this.#worse(child + 1, this.items[child], this.scores[child])) child++;
      if (!this.#worse(child, item, score)) break;
      this.#put(place, this.items[child], this.scores[child]);
      place = child;
    }
    this.#put(place, item, score);
  }
}
