/**
 * The targets that α is judged by: batches of whole users, gone through in a new order each time.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { historiesBefore } from "../train/batch.ts";
import { epochOrder } from "../train/order.ts";

/** So many batches at least, where there are users enough: what is learnt of a difference between users needs several of them. */
const LEAST_BATCHES = 32;

/** A batch of held-out targets. */
export interface HeldOutBatch {
  /** Which one; the same number is the same targets in every round. */
  batch: number;
  /** Rows of the dataset's interactions. */
  rows: Uint32Array;
}

/**
 * Held-out targets in batches. No user is in two of them, but one with more targets than twice a batch holds; so what two batches
 * say of a difference is independent as far as users go.
 */
export class HeldOut {
  readonly #batches: Uint32Array[];
  #order?: Uint32Array;

  /**
   * @param rows Of the targets.
   * @param size Targets a batch at most, or somewhat more to keep a user in one.
   * @param round Rounds through all batches done, from 0.
   * @param place Batches done in this one.
   */
  constructor(
    dataset: SequenceDataset,
    rows: Uint32Array,
    size: number,
    readonly seed: number,
    public round = 0,
    public place = 0,
  ) {
    const aim = Math.min(size, Math.max(1, Math.ceil(rows.length / LEAST_BATCHES)));
    this.#batches = batchesOfUsers(dataset, rows, aim, seed);
  }

  /** Batches of a round. */
  get batches(): number {
    return this.#batches.length;
  }

  /** The batch that comes next, and moves on. */
  next(): HeldOutBatch {
    const places = Uint32Array.from(this.#batches, (_, i) => i);
    this.#order ??= epochOrder(places, "search/alpha", this.seed, this.round);
    const batch = this.#order[this.place];
    if (++this.place === this.batches) this.seek(this.round + 1, 0);
    return { batch, rows: this.#batches[batch] };
  }

  /** Whether a round has a batch at this place. */
  has(place: number): boolean {
    return Number.isInteger(place) && place >= 0 && place < Math.max(1, this.batches);
  }

  seek(round: number, place: number): void {
    [this.round, this.place, this.#order] = [round, place, undefined];
  }
}

/** The rows, users in random order, cut where a batch has reached `aim`: between two users, but at 2 · `aim` in any case. */
function batchesOfUsers(
  dataset: SequenceDataset,
  rows: Uint32Array,
  aim: number,
  seed: number,
): Uint32Array[] {
  const { users } = historiesBefore(dataset.sequences(), rows), rowsOf = new Map<number, number[]>();
  rows.forEach((row, i) => {
    const own = rowsOf.get(users![i]);
    if (own) own.push(row);
    else rowsOf.set(users![i], [row]);
  });
  const order = epochOrder(Uint32Array.from(rowsOf.keys()), "search/users", seed, 0);
  const batches: number[][] = [];
  let open: number[] = [];
  for (const user of order) {
    for (const row of rowsOf.get(user)!) {
      open.push(row);
      if (open.length === 2 * aim) [open] = [[], batches.push(open)];
    }
    if (open.length >= aim) [open] = [[], batches.push(open)];
  }
  if (open.length > 0) batches.push(open);
  return batches.map((batch) => Uint32Array.from(batch));
}
