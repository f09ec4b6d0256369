/**
 * The targets that the candidates are judged by: batches of whole users, gone through in a new order each time.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { historiesBefore } from "../train/batch.ts";
import { Cursor, epochOrder } from "../train/order.ts";
import type { SearchOptions } from "./state.ts";

/** Rows that the weights learn from, and rows that the candidates are judged by. */
export function searchRows(
  dataset: SequenceDataset,
  { alphaData, seed }: Pick<SearchOptions, "alphaData" | "seed">,
): { train: Uint32Array; heldOut: Uint32Array } {
  const targets = dataset.targets("train");
  if (alphaData === "validation") return { train: targets, heldOut: dataset.targets("validation") };
  const shuffled = epochOrder(targets, "search/held out", seed, 0);
  const held = Math.max(1, Math.round(alphaData * targets.length));
  return { train: shuffled.slice(held).sort(), heldOut: shuffled.slice(0, held).sort() };
}

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
  /** Where it stands: its epochs go through all batches, one by one. */
  readonly cursor: Cursor;

  /**
   * @param rows Of the targets.
   * @param size Targets a batch at most, or somewhat more to keep a user in one.
   */
  constructor(dataset: SequenceDataset, rows: Uint32Array, size: number, seed: number) {
    const aim = Math.min(size, Math.max(1, Math.ceil(rows.length / LEAST_BATCHES)));
    this.#batches = batchesOfUsers(dataset, rows, aim, seed);
    this.cursor = new Cursor(Uint32Array.from(this.#batches, (_, i) => i), 1, "search/alpha", seed);
  }

  /** The batch that comes next, and moves on. */
  next(): HeldOutBatch {
    const [batch] = this.cursor.next();
    return { batch, rows: this.#batches[batch] };
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
