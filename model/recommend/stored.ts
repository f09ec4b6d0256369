/**
 * Histories of the dataset's own users, as slices of one array.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { yieldToEventLoop } from "../../pipeline/contract/machine/event_loop.ts";

/** Sequences of users of a dataset, one after the other. */
export interface Stored {
  /** Dense ids of items. */
  items: Uint32Array;
  /** Returns where a user's sequence is in `items`. */
  placeOf(user: number): [start: number, end: number];
}

/** All sequences of a dataset in one file, without copying. */
export function storedSequences(dataset: SequenceDataset): Stored {
  const { items, offsets } = dataset.sequences();
  return { items, placeOf: (user) => [offsets[user], offsets[user + 1]] };
}

/** Up to this number of users of a dataset in parts, each user's rows are read by themselves; for more, whole parts are read. */
const FEW = 64;

/** Copies of the sequences of some users. */
export async function pickedSequences(dataset: SequenceDataset, asked: readonly number[]): Promise<Stored> {
  const users = [...new Set(asked)].filter((user) => user > 0).sort((a, b) => a - b);
  const pieces = dataset.parts.length > 1 && users.length <= FEW
    ? users.map((user) => rowsOf(dataset, user))
    : await fromParts(dataset, users);
  const places = new Map<number, [number, number]>();
  let size = 0;
  pieces.forEach(({ length }, i) => places.set(users[i], [size, size += length]));
  const items = new Uint32Array(size);
  pieces.forEach((piece, i) => items.set(piece, places.get(users[i])![0]));
  return { items, placeOf: (user) => places.get(user)! };
}

/** The sequences of some users, ascending, from the parts that they are in. */
async function fromParts(dataset: SequenceDataset, users: readonly number[]): Promise<Uint32Array[]> {
  const pieces: Uint32Array[] = [];
  for (const part of dataset.parts) {
    const last = part.firstUser + part.users - 1;
    if (pieces.length === users.length || users[pieces.length] > last) continue;
    const { items, offsets } = part.sequences();
    while (pieces.length < users.length && users[pieces.length] <= last) {
      const own = users[pieces.length] - part.firstUser + 1;
      pieces.push(items.slice(offsets[own], offsets[own + 1]));
    }
    if (dataset.parts.length > 1) await yieldToEventLoop(); // lets the memory of finished frames be freed
  }
  return pieces;
}

/** First row of each user's sequence, [users + 1], from user 1; a service asks for users of the same dataset again and again. */
const STARTS = new WeakMap<SequenceDataset, Float64Array>();

function startsOf(dataset: SequenceDataset): Float64Array {
  const counts = dataset.table("users").getColumn("interactions").toArray() as number[];
  const starts = new Float64Array(counts.length + 1); // rows may exceed 2³²
  counts.forEach((count, i) => starts[i + 1] = starts[i] + count);
  return starts;
}

/** Reads one user's sequence. */
function rowsOf(dataset: SequenceDataset, user: number): Uint32Array {
  const starts = STARTS.getOrInsertComputed(dataset, startsOf), start = starts[user - 1];
  const rows = dataset.slice("interactions", start, starts[user] - start).select("item").collectSync();
  return Uint32Array.from(rows.getColumn("item").toArray() as number[]);
}
