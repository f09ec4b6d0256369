/**
 * The order in which an epoch goes through its examples.
 *
 * @module
 */
import { RandomStream } from "../../pipeline/contract/random.ts";

/** Shuffles the rows in an order that depends only on purpose, seed and epoch. */
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

/** The examples of an epoch, in the parts of the dataset: those of one part are in memory at a time. */
export interface ExamplePool {
  /** Number of examples in each part, [parts]. */
  readonly sizes: readonly number[];
  /** The examples of a part, [sizes[part]]: rows or windows within it. */
  of(part: number): Uint32Array;
}

/** Examples that are all in one part. */
export const poolOf = (rows: Uint32Array): ExamplePool => ({ sizes: [rows.length], of: () => rows });

/** The turn of one part in an epoch. */
interface Turn {
  part: number;
  /** Number of its first batch within the epoch. */
  first: number;
  /** The number behind its last batch. */
  end: number;
}

/**
 * Goes through examples batch by batch, epoch after epoch; two numbers describe its place. Each epoch has its own
 * order of the parts, and of the examples within each part; no batch has examples of two parts.
 */
export class Cursor {
  /** The current epoch, from 0. */
  epoch = 0;
  /** Number of batches done in it. */
  batch = 0;
  readonly #pool: ExamplePool;
  #turns?: Turn[];
  /** The order of the open part's examples. */
  #order?: { turn: Turn; rows: Uint32Array };

  /**
   * @param size Number of examples in a batch.
   * @param purpose Distinguishes the orders of one seed from each other.
   */
  constructor(
    pool: ExamplePool,
    readonly size: number,
    readonly purpose: string,
    readonly seed: number,
  ) {
    this.#pool = pool;
  }

  /** Number of examples in an epoch. */
  get length(): number {
    return this.#pool.sizes.reduce((sum, size) => sum + size, 0);
  }

  /** Number of examples in each part if there are several: with other parts, a place means something else. */
  get parts(): number[] | undefined {
    const { sizes } = this.#pool;
    return sizes.length > 1 ? [...sizes] : undefined;
  }

  /** Number of batches in an epoch. */
  get batches(): number {
    return this.#pool.sizes.reduce((sum, size) => sum + Math.ceil(size / this.size), 0);
  }

  /** Number of batches done since the first epoch. */
  get total(): number {
    return this.epoch * this.batches + this.batch;
  }

  /** The part of the dataset that the next batch is from. */
  get part(): number {
    return this.#turn().part;
  }

  /** Returns the next batch without moving on. The last one of a part may be smaller. */
  peek(): Uint32Array {
    const turn = this.#turn(), { purpose, seed, epoch } = this;
    if (this.#order?.turn !== turn) {
      this.#order = undefined; // release the open part before the next one is read
      const own = this.#pool.sizes.length === 1 ? purpose : `${purpose}/part ${turn.part}`;
      this.#order = { turn, rows: epochOrder(this.#pool.of(turn.part), own, seed, epoch) };
    }
    const start = (this.batch - turn.first) * this.size;
    return this.#order.rows.subarray(start, start + this.size);
  }

  /** Returns the next batch and moves on. */
  next(): Uint32Array {
    const rows = this.peek();
    if (++this.batch === this.batches) this.seek(this.epoch + 1, 0);
    return rows;
  }

  /** Whether an epoch has a batch with this number. */
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

  /** The turn of the current part. */
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

/** Whether places in an epoch mean the same in both. */
export const sameParts = (a: { parts?: number[] }, b: { parts?: number[] }): boolean =>
  a.parts?.join() === b.parts?.join();
