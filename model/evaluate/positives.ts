/**
 * What is ranked: the positives of one part of a split, with their histories.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import type { Split } from "../../pipeline/contract/stage.ts";
import type { Histories } from "../recommender.ts";

/** n positives, ordered by user, then time. */
export interface Positives {
  /** [n]: their rows in `interactions`, ascending. */
  rows: Uint32Array;
  /** [n] user ids. */
  users: Uint32Array;
  /** [n] item ids. */
  targets: Uint32Array;
  /** [n]: everything before the target in its user's sequence, whatever its part of the split. */
  histories: Histories;
  /** [u + 1] for the u users that have positives: the i-th has `groups[i]` … `groups[i + 1] − 1`. */
  groups: Uint32Array;
}

/**
 * The positives of a part of the split. The history of a test positive contains the validation item.
 *
 * @throws {InputError} if there are none.
 */
export function positivesOf(dataset: SequenceDataset, split: Exclude<Split, "train">): Positives {
  const rows = dataset.targets(split);
  if (rows.length === 0) {
    throw new InputError(
      `Cannot evaluate on the ${split} part of ${dataset.folder}: it has no interactions with a history; ` +
        "prepare the dataset with another --split",
    );
  }
  const { items, offsets } = dataset.sequences();
  const users = new Uint32Array(rows.length), starts = new Uint32Array(rows.length);
  const targets = new Uint32Array(rows.length), groups: number[] = [];
  let user = 0;
  for (let i = 0; i < rows.length; i++) {
    if (rows[i] >= offsets[user + 1]) {
      while (rows[i] >= offsets[user + 1]) user++;
      groups.push(i);
    }
    users[i] = user;
    starts[i] = offsets[user];
    targets[i] = items[rows[i]];
  }
  groups.push(rows.length);
  return {
    rows,
    users,
    targets,
    histories: { items, starts, ends: rows, users },
    groups: Uint32Array.from(groups),
  };
}
