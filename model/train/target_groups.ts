/**
 * Training targets in groups of some that follow one another in a user's sequence.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { RandomStream } from "../../pipeline/contract/random.ts";
import { damagedDataset } from "../../pipeline/contract/table_files.ts";
import { userOf } from "./batch.ts";
import { type OpenPart, trainingLengths } from "./open_part.ts";
import type { ExamplePool } from "./order.ts";

/** The targets of some groups: rows of the sequences. */
export interface GroupedTargets {
  /** [B] */
  rows: Uint32Array;
  /** [H] the first row of each group. */
  firsts: Uint32Array;
  /** [B] of each row its group, from 0. */
  groupOf: Int32Array;
}

/** What is known of a part's users. */
interface UsersOfPart {
  part: number;
  /** [users + 2] the number of each user's first group. */
  firstGroup: Uint32Array;
  /** [users + 2] of each user the row behind the last target. */
  ends: Uint32Array;
  /** The dataset's number of the part's first user. */
  firstUser: number;
}

/**
 * The targets of a dataset in as few groups of at most `size` as there can be, a user's own. How many are in a user's first one is drawn anew for
 * each epoch, as far as the last one has room: so it is now this and now that target which is the first of its group.
 */
export class TargetGroups {
  /** The groups of each part, numbered user by user. */
  readonly pool: ExamplePool;
  readonly #random: RandomStream;
  /** Of the part that was asked for last. */
  #users?: UsersOfPart;

  /** @param size Targets of a group at most, 1 at least. */
  constructor(readonly open: OpenPart, readonly size: number, seed: number) {
    this.#random = new RandomStream(seed, "target groups");
    const sizes = trainingLengths(open.dataset).map((lengths) =>
      [...lengths].reduce((sum, [length, users]) => sum + users * this.#groups(length - 1), 0)
    );
    this.pool = { sizes, of: (part) => this.#numbered(part, sizes[part]) };
  }

  /** Groups of a user with so many targets. */
  #groups(targets: number): number {
    return Math.max(0, Math.ceil(targets / this.size));
  }

  #numbered(part: number, size: number): Uint32Array {
    if (this.#usersOf(part).firstGroup.at(-1) === size) {
      return Uint32Array.from({ length: size }, (_, i) => i);
    }
    throw damagedDataset(
      this.open.dataset.folder,
      "the training interactions of a user are not the first of them",
    );
  }

  #usersOf(part: number): UsersOfPart {
    if (this.#users?.part === part) return this.#users;
    const { offsets, splits } = this.open.sequences(part), { firstUser } = this.open.dataset.parts[part];
    const firstGroup = new Uint32Array(offsets.length), ends = new Uint32Array(offsets.length);
    for (let user = 1; user < offsets.length - 1; user++) {
      let end = offsets[user];
      while (end < offsets[user + 1] && splits[end] === 0) end++;
      ends[user] = end;
      firstGroup[user + 1] = firstGroup[user] + this.#groups(end - offsets[user] - 1);
    }
    return this.#users = { part, firstGroup, ends, firstUser };
  }

  /**
   * The targets of some groups of a part in an epoch.
   *
   * @param epoch From 0.
   */
  targets(groups: Uint32Array, part: number, epoch: number): GroupedTargets {
    const { offsets } = this.open.sequences(part), users = this.#usersOf(part);
    const rows: number[] = [], firsts: number[] = [], groupOf: number[] = [];
    groups.forEach((group, place) => {
      const user = userOf(users.firstGroup, group), number = group - users.firstGroup[user];
      // A user's first interaction has no history, and is no target.
      const start = offsets[user] + 1, end = users.ends[user];
      const behindFirst = start + this.#sizeOfFirst(end - start, users.firstUser + user - 1, epoch);
      const first = number === 0 ? start : behindFirst + (number - 1) * this.size;
      const behind = Math.min(end, behindFirst + number * this.size);
      firsts.push(first);
      for (let row = first; row < behind; row++) (rows.push(row), groupOf.push(place));
    });
    return {
      rows: Uint32Array.from(rows),
      firsts: Uint32Array.from(firsts),
      groupOf: Int32Array.from(groupOf),
    };
  }

  /** Targets in the first group of a user with so many: the others then have `size` each, and the last one what is left. */
  #sizeOfFirst(targets: number, user: number, epoch: number): number {
    const { size } = this, groups = this.#groups(targets);
    if (groups === 1) return targets;
    const least = targets - (groups - 1) * size;
    this.#random.seek(epoch, user);
    return least + this.#random.below(size - least + 1);
  }
}
