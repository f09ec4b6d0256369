/**
 * Finds the items most similar to each item, by the users who chose them.
 *
 * @module
 */
import { contextOf } from "../../pipeline/contract/context.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { checkInterrupt } from "../../pipeline/contract/errors.ts";
import { SPLITS, type StageContext } from "../../pipeline/contract/stage.ts";
import { ItemSet } from "../evaluate/item_set.ts";
import { TopK } from "../evaluate/topk.ts";
import { yieldToEventLoop } from "../../pipeline/contract/machine/event_loop.ts";

/** Item i has the neighbours `items[offsets[i]]` … `items[offsets[i + 1] − 1]`, most similar first. */
export interface Neighbours {
  /** [items + 2] */
  offsets: Uint32Array;
  items: Uint32Array;
  similarities: Float32Array;
}

/** Options of {@link findNeighbours}. */
export interface NeighbourOptions {
  k: number;
  /** λ */
  shrinkage: number;
  /** Whether the similarities of an item's neighbours are divided by their sum. */
  normalize: boolean;
}

/** Concatenated lists: list i is `values[offsets[i]]` … `values[offsets[i + 1] − 1]`. */
interface Lists {
  offsets: Uint32Array;
  values: Uint32Array;
}

/** Number of item pairs that are counted between two checks of the signal. */
const PAIRS_AT_ONCE = 20_000_000;

/**
 * Finds the k items most similar to each item by c_ij / (√(c_i c_j) + λ), with c_i the number of users who have i in their training part
 * and c_ij the number who have both. The time is proportional to the sum of the squares of the users' item counts.
 *
 * @throws {Interrupted} if the signal is aborted.
 */
export async function findNeighbours(
  dataset: SequenceDataset,
  { k, shrinkage, normalize, ...context }: NeighbourOptions & StageContext,
): Promise<Neighbours> {
  const { progress, signal } = contextOf(context), { items } = dataset;
  const byUser = await itemsByUser(dataset), byItem = transposed(byUser, items);
  const counter = new Counter(byUser, byItem), topK = new TopK(Math.min(k, items));
  const sizes = Uint32Array.from(byItem.offsets.subarray(1), (end, item) => end - byItem.offsets[item]); // c_i
  const offsets = new Uint32Array(items + 2), found: Omit<Neighbours, "offsets">[] = [];
  const task = progress.start("looking for neighbours", items, "items");
  try {
    for (let item = 1, pairs = PAIRS_AT_ONCE; item <= items; item++) {
      if (pairs >= PAIRS_AT_ONCE) {
        pairs = 0;
        checkInterrupt(signal, "looking for neighbours");
        await yieldToEventLoop();
      }
      const { others, size } = counter.count(item);
      pairs += size;
      topK.clear();
      for (const other of others) {
        const common = counter.take(other);
        if (other === item) continue;
        topK.offer(other, Math.fround(common / (Math.sqrt(sizes[item] * sizes[other]) + shrinkage)));
      }
      const chosen = topK.ordered();
      const similarities = topK.scores.subarray(0, chosen);
      const whole = normalize ? similarities.reduce((sum, similarity) => sum + similarity, 0) : 1;
      found.push({
        items: topK.items.slice(0, chosen),
        similarities: similarities.map((similarity) => similarity / whole),
      });
      offsets[item + 1] = offsets[item] + chosen;
      task.advance(1);
    }
  } finally {
    task.end();
  }
  const all = offsets[items + 1],
    joined = { offsets, items: new Uint32Array(all), similarities: new Float32Array(all) };
  found.forEach((own, i) => {
    joined.items.set(own.items, offsets[i + 1]);
    joined.similarities.set(own.similarities, offsets[i + 1]);
  });
  return joined;
}

/** Counts the users that items have in common, in arrays that are allocated once. */
class Counter {
  /** [items + 1], zero between two counts. */
  readonly #counts: Uint32Array;
  readonly #found: Uint32Array;

  constructor(readonly byUser: Lists, readonly byItem: Lists) {
    this.#counts = new Uint32Array(byItem.offsets.length - 1);
    this.#found = new Uint32Array(byItem.offsets.length - 1);
  }

  /**
   * Returns the items that share users with an item, including itself, each to be taken once, and the number of pairs that were counted.
   */
  count(item: number): { others: Uint32Array; size: number } {
    const { byUser, byItem } = this, counts = this.#counts, found = this.#found;
    let different = 0, size = 0;
    for (let u = byItem.offsets[item]; u < byItem.offsets[item + 1]; u++) {
      const user = byItem.values[u], end = byUser.offsets[user + 1];
      size += end - byUser.offsets[user];
      for (let i = byUser.offsets[user]; i < end; i++) {
        const other = byUser.values[i];
        if (counts[other]++ === 0) found[different++] = other;
      }
    }
    return { others: found.subarray(0, different), size };
  }

  /** Returns c_ij of one of them and resets it to 0. */
  take(other: number): number {
    const common = this.#counts[other];
    this.#counts[other] = 0;
    return common;
  }
}

/** Returns the distinct items of each user's training part; the first list, for the padding, is empty; `offsets` is [users + 2]. */
async function itemsByUser(dataset: SequenceDataset): Promise<Lists> {
  const train = SPLITS.indexOf("train"), itemSet = new ItemSet(dataset.items);
  const offsets = new Uint32Array(dataset.users + 2), pieces: Uint32Array[] = [];
  let size = 0;
  for (const part of dataset.parts) {
    const { offsets: rows, items, splits } = part.sequences(), values = new Uint32Array(items.length);
    let own = 0;
    for (let user = 1; user <= part.users; user++) {
      itemSet.clear();
      offsets[part.firstUser + user - 1] = size + own;
      for (let row = rows[user]; row < rows[user + 1]; row++) {
        if (splits[row] === train && itemSet.add(items[row])) values[own++] = items[row];
      }
    }
    size += own;
    pieces.push(values.slice(0, own));
    if (dataset.parts.length > 1) await yieldToEventLoop(); // frees the memory of frames that are no longer used
  }
  offsets[dataset.users + 1] = size;
  const values = new Uint32Array(size);
  let start = 0;
  for (const piece of pieces) {
    values.set(piece, start);
    start += piece.length;
  }
  return { offsets, values };
}

/** Returns, for each value, the lists that hold it: [count + 1] lists. */
function transposed({ offsets, values }: Lists, count: number): Lists {
  const starts = new Uint32Array(count + 2), owners = new Uint32Array(values.length);
  for (const value of values) starts[value + 1]++;
  for (let i = 1; i < starts.length; i++) starts[i] += starts[i - 1];
  const next = starts.slice();
  for (let owner = 0; owner < offsets.length - 1; owner++) {
    for (let i = offsets[owner]; i < offsets[owner + 1]; i++) owners[next[values[i]]++] = owner;
  }
  return { offsets: starts, values: owners };
}
