/**
 * The positives of one part of a split, with their histories: what an evaluation ranks.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import type { DatasetPart } from "../../pipeline/contract/dataset/users_part.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import type { HeldOut } from "../../pipeline/contract/stage.ts";
import type { Histories } from "../recommender.ts";
import { yieldToEventLoop } from "../../pipeline/contract/machine/event_loop.ts";

/** n positives, ordered by user, then time. Their histories come in blocks: {@link positiveBlocks}. */
export interface Positives {
  /** User ids, [n]. */
  users: Uint32Array;
  /** Item ids, [n]. */
  targets: Uint32Array;
  /** Number of interactions before the target in its user's sequence, in any part of the split, [n]. */
  lengths: Uint32Array;
  /** Bounds for the u users that have positives, [u + 1]: the i-th has `groups[i]` … `groups[i + 1] − 1`. */
  groups: Uint32Array;
  /** The users whose positives they are; undefined: all. */
  among?: Users;
}

/** Some of the users: 1 for each of them, [users + 1] by dense id. */
export type Users = Uint8Array;

/** Consecutive positives from one part of the dataset: as many as are in memory at once. */
export interface PositiveBlock {
  /** Index of the first one among all positives. */
  start: number;
  part: DatasetPart;
  /** Rows of the targets in the part, [n], ascending. */
  rows: Uint32Array;
  /** Places of these rows among all targets of the part, [n]; undefined: they are all of them. */
  places?: Uint32Array;
  /** Item ids, [n]. */
  targets: Uint32Array;
  /** Everything before the target in its user's sequence, [n]. The history of a test positive contains the validation item. */
  histories: Required<Histories>;
}

/**
 * Yields the positives of a part of the split, all or those of some users, one block for each part of the dataset that
 * has any. The caller lets the event loop run between two blocks ({@link yieldToEventLoop}), so that the memory of the
 * previous one is freed.
 */
export function* positiveBlocks(
  dataset: SequenceDataset,
  split: HeldOut,
  among?: Users,
): Generator<PositiveBlock> {
  let start = 0;
  for (const part of dataset.parts) {
    const all = part.targets(split);
    if (all.length === 0) continue;
    const { items, offsets } = part.sequences();
    const userOf = new Uint32Array(all.length), startOf = new Uint32Array(all.length);
    for (let i = 0, user = 0; i < all.length; i++) {
      while (all[i] >= offsets[user + 1]) user++;
      userOf[i] = part.firstUser + user - 1;
      startOf[i] = offsets[user];
    }
    const places = among && Uint32Array.from(all.keys()).filter((i) => among[userOf[i]] === 1);
    if (places?.length === 0) continue;
    const of = (values: Uint32Array) => places ? places.map((i) => values[i]) : values;
    const rows = of(all), users = of(userOf), starts = of(startOf);
    const targets = Uint32Array.from(rows, (row) => items[row]);
    yield { start, part, rows, places, targets, histories: { items, starts, ends: rows, users } };
    start += rows.length;
  }
}

/**
 * Returns the positives of a part of the split.
 *
 * @param among The users whose positives they are; undefined: all.
 * @throws {InputError} if there are none.
 */
export async function positivesOf(
  dataset: SequenceDataset,
  split: HeldOut,
  among?: Users,
): Promise<Positives> {
  const users: Uint32Array[] = [], targets: Uint32Array[] = [], lengths: Uint32Array[] = [];
  for (
    const { targets: own, histories: { starts, ends, users: of } } of positiveBlocks(dataset, split, among)
  ) {
    users.push(of);
    targets.push(own);
    lengths.push(ends.map((end, i) => end - starts[i]));
    if (dataset.parts.length > 1) await yieldToEventLoop(); // lets the memory of finished frames be freed
  }
  if (users.length === 0) {
    throw new InputError(
      `Cannot evaluate on the ${split} part of ${dataset.folder}: it has no interactions with a history; ` +
        "prepare the dataset with another --split",
    );
  }
  const all = joined(users), groups: number[] = [];
  for (let i = 0; i < all.length; i++) if (all[i] !== all[i - 1]) groups.push(i);
  groups.push(all.length);
  return {
    users: all,
    targets: joined(targets),
    lengths: joined(lengths),
    groups: Uint32Array.from(groups),
    among,
  };
}

function joined(pieces: readonly Uint32Array[]): Uint32Array {
  if (pieces.length === 1) return pieces[0];
  const all = new Uint32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const piece of pieces) {
    all.set(piece, start);
    start += piece.length;
  }
  return all;
}

/** A single positive. */
export interface Positive {
  /** Its index among all positives. */
  at: number;
  user: number;
  target: number;
  /** Everything before the target, oldest first. */
  history: Uint32Array;
}

/** A positive of a block; its history is copied. */
export function positiveAt({ start, targets, histories }: PositiveBlock, i: number): Positive {
  const { items, starts, ends, users } = histories;
  return { at: start + i, user: users[i], target: targets[i], history: items.slice(starts[i], ends[i]) };
}

/**
 * Returns some positives.
 *
 * @param places Indices among all positives, ascending.
 */
export async function pickPositives(
  dataset: SequenceDataset,
  split: HeldOut,
  places: readonly number[],
): Promise<Positive[]> {
  const found: Positive[] = [];
  for (const block of positiveBlocks(dataset, split)) {
    const end = block.start + block.rows.length;
    for (const at of places) {
      if (at >= block.start && at < end) found.push(positiveAt(block, at - block.start));
    }
    if (found.length === places.length) break;
    await yieldToEventLoop(); // lets the memory of finished frames be freed
  }
  return found;
}
