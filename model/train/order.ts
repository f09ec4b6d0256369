/**
 * The order in which an epoch goes through its examples.
 *
 * @module
 */
import { RandomStream } from "../../pipeline/contract/random.ts";

/** The rows in an order that depends on purpose, seed and epoch alone. */
export function epochOrder(rows: Uint32Array, purpose: string, seed: number, epoch: number): Uint32Array {
  const random = new RandomStream(seed, `order/${purpose}`);
  random.seek(epoch);
  const order = rows.slice();
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.below(i + 1), swap = order[i];
    order[i] = order[j];
    order[j] = swap;
  }
  return order;
}

/** Goes through rows batch by batch, epoch after epoch; its place is two numbers. */
export class Cursor {
  #order?: Uint32Array;

  /**
   * @param epoch From 0.
   * @param batch Batches done in it.
   */
  constructor(
    readonly rows: Uint32Array,
    readonly size: number,
    readonly purpose: string,
    readonly seed: number,
    public epoch = 0,
    public batch = 0,
  ) {}

  /** Batches of one epoch. */
  get batches(): number {
    return Math.ceil(this.rows.length / this.size);
  }

  /** Batches done since the first epoch. */
  get total(): number {
    return this.epoch * this.batches + this.batch;
  }

  /** The batch that comes next. The last of an epoch may be smaller. */
  peek(): Uint32Array {
    this.#order ??= epochOrder(this.rows, this.purpose, this.seed, this.epoch);
    const start = this.batch * this.size;
    return this.#order.subarray(start, start + this.size);
  }

  /** The batch that comes next, and moves on. */
  next(): Uint32Array {
    const rows = this.peek();
    if (++this.batch === this.batches) {
      this.epoch++;
      this.batch = 0;
      this.#order = undefined;
    }
    return rows;
  }

  /** Whether an epoch has a batch of this number. */
  has(batch: number): boolean {
    return Number.isInteger(batch) && batch >= 0 && batch < Math.max(1, this.batches);
  }

  /** Goes to a place. */
  seek(epoch: number, batch: number): void {
    this.epoch = epoch;
    this.batch = batch;
    this.#order = undefined;
  }
}
