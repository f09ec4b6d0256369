/**
 * Lists that are shorter than asked for: one warning for all of them.
 *
 * @module
 */
import { countOf } from "../../pipeline/display/text/units.ts";

/** Records the lengths of lists. */
export class ListLengths {
  #lists = 0;
  #fewer = 0;
  #least = Infinity;
  #most = 0;

  /** @param k Number of items that each list should have. */
  constructor(readonly k: number) {}

  add(length: number): void {
    this.#lists++;
    if (length >= this.k) return;
    this.#fewer++;
    this.#least = Math.min(this.#least, length);
    this.#most = Math.max(this.#most, length);
  }

  /**
   * Returns the warning; undefined if all lists are as long as asked for.
   *
   * @param choice The items that lists were made from.
   */
  note(choice: { items: number; allowed?: Uint8Array; keepSeen: boolean }): string | undefined {
    if (this.#fewer === 0) return undefined;
    const lengths = this.#least === this.#most
      ? countOf(this.#most, "item")
      : `${this.#least} to ${countOf(this.#most, "item")}`;
    const whom = this.#lists === 1 ? "" : ` to ${this.#fewer} of ${this.#lists} users`;
    return `Recommended ${lengths} of the ${this.k} asked for${whom}: ${reasonOf(choice)}`;
  }
}

function reasonOf({ items, allowed, keepSeen }: Parameters<ListLengths["note"]>[0]): string {
  const there = allowed
    ? `${countOf(allowed.reduce((sum, one) => sum + one, 0), "item")} may be recommended`
    : `the dataset has ${countOf(items, "item")}`;
  return there + (keepSeen ? "" : ", and those of a user's history are left out");
}
