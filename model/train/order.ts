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

/** What an epoch goes through, in the parts of the dataset: those of one part are in memory at a time. */
export interface ExamplePool {
  /** [parts]: how many examples each part has. */
  readonly sizes: readonly number[];
  /** The examples of a part, [sizes[part]]: rows, or windows, within it. */
  of(part: number): Uint32Array;
}

/** Examples that are all in one part. */
export const poolOf = (rows: Uint32Array): ExamplePool => ({ sizes: [rows.length], of: () => rows });

/** A part that is gone through in an epoch. */
interface Turn {
  part: number;
  /** The number of its first batch within the epoch. */
  first: number;
  /** Behind its last. */
  end: number;
}

/**
 * Goes through examples batch by batch, epoch after epoch; its place is two numbers. Each epoch takes the parts in an order of its own, and the
 * examples of each part in an order of its own; no batch is of two parts.
 */
export class Cursor {
  /** The epoch under way, from 0. */
  epoch = 0;
  /** Batches done in it. */
  batch = 0;
  readonly #pool: ExamplePool;
  #turns?: Turn[];
  /** Of the part that is open. */
  #order?: { turn: Turn; rows: Uint32Array };

  /**
   * @param size Examples of a batch.
   * @param purpose Tells orders of one seed from each other.
   */
  constructor(
    pool: ExamplePool,
    readonly size: number,
    readonly purpose: string,
    readonly seed: number,
  ) {
    this.#pool = pool;
  }

  /** Examples of one epoch. */
  get length(): number {
    return this.#pool.sizes.reduce((sum, size) => sum + size, 0);
  }

  /** Examples of each part, where there are several: between other parts a place is another one. */
  get parts(): number[] | undefined {
    const { sizes } = this.#pool;
    return sizes.length > 1 ? [...sizes] : undefined;
  }

  /** Batches of one epoch. */
  get batches(): number {
    return this.#pool.sizes.reduce((sum, size) => sum + Math.ceil(size / this.size), 0);
  }

  /** Batches done since the first epoch. */
  get total(): number {
    return this.epoch * this.batches + this.batch;
  }

  /** The part of the dataset that the batch that comes next is of. */
  get part(): number {
    return this.#turn().part;
  }

  /** The batch that comes next. The last of a part may be smaller. */
  peek(): Uint32Array {
    const turn = this.#turn(), { purpose, seed, epoch } = this;
    if (this.#order?.turn !== turn) {
      this.#order = undefined; // what is open is let go before the next is read
      const own = this.#pool.sizes.length === 1 ? purpose : `${purpose}/part ${turn.part}`;
      this.#order = { turn, rows: epochOrder(this.#pool.of(turn.part), own, seed, epoch) };
    }
    const start = (this.batch - turn.first) * this.size;
    return this.#order.rows.subarray(start, start + this.size);
  }

  /** The batch that comes next, and moves on. */
  next(): Uint32Array {
    const rows = this.peek();
    if (++this.batch === this.batches) this.seek(this.epoch + 1, 0);
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
    this.#turns = undefined;
    this.#order = undefined;
  }

  /** The part whose turn it is. */
  #turn(): Turn {
    const turns = this.#turns ??= this.#turnsOf(this.epoch);
    return turns.find(({ end }) => this.batch < end) ?? turns[0];
  }

  #turnsOf(epoch: number): Turn[] {
    const { sizes } = this.#pool, parts = Uint32Array.from(sizes, (_, part) => part);
    const order = sizes.length === 1 ? parts : epochOrder(parts, `${this.purpose}/parts`, this.seed, epoch);
    let end = 0;
    return Array.from(
      order,
      (part) => ({ part, first: end, end: end += Math.ceil(sizes[part] / this.size) }),
    );
  }
}

/** Whether places in an epoch mean the same. */
export const sameParts = (a: { parts?: number[] }, b: { parts?: number[] }): boolean =>
  a.parts?.join() === b.parts?.join();
