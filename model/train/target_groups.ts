/**
 * Training targets in groups of some that follow one another in a user's sequence.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { RandomStream } from "../../pipeline/contract/random.ts";
import { damagedDataset } from "../../pipeline/contract/table_files.ts";
import { userOf } from "./batch.ts";
import { partOffsets, trainingLengths } from "./open_part.ts";
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

/** The targets of a part, by user. */
interface TargetsByUser {
  part: number;
  /** [n] rows, ascending. */
  rows: Uint32Array;
  /** [users + 2] where each user's rows begin among them, and, last, where they end. */
  firstRow: Uint32Array;
  /** [users + 2] the same of the groups. */
  firstGroup: Uint32Array;
  /** The dataset's number of the part's first user. */
  firstUser: number;
}

/**
 * The targets of a dataset in groups of at most `size`, a user's own. How many are in a user's first one is drawn anew for each epoch: so it is now
 * this and now that target which is the first of its group. They are as few as leave room for that: two of a user whose targets fit into one.
 */
export class TargetGroups {
  /** The groups of each part, numbered user by user. */
  readonly pool: ExamplePool;
  readonly #random: RandomStream;
  /** Of the part that was asked for last. */
  #open?: TargetsByUser;

  /**
   * @param targets Rows of each part's sequences, ascending: training targets.
   * @param size Targets of a group at most, 1 at least.
   * @param which Whether the targets are all that there are: then their groups are counted without reading each part.
   */
  constructor(
    readonly dataset: SequenceDataset,
    readonly targets: ExamplePool,
    readonly size: number,
    seed: number,
    which: "all" | "some" = "all",
  ) {
    this.#random = new RandomStream(seed, "target groups");
    const sizes = which === "some" || targets.sizes.length === 1
      ? targets.sizes.map((_, part) => this.#targetsOf(part).firstGroup.at(-1)!)
      : trainingLengths(dataset).map((lengths) =>
        [...lengths].reduce((sum, [length, users]) => sum + users * this.#groups(length - 1), 0)
      );
    this.pool = { sizes, of: (part) => this.#numbered(part, sizes[part]) };
  }

  /** Groups of a user with so many targets. */
  #groups(targets: number): number {
    return Math.max(0, Math.min(targets, Math.max(2, Math.floor(targets / this.size) + 1)));
  }

  #numbered(part: number, size: number): Uint32Array {
    if (this.#targetsOf(part).firstGroup.at(-1) === size) {
      return Uint32Array.from({ length: size }, (_, i) => i);
    }
    throw damagedDataset(
      this.dataset.folder,
      "the training interactions of a user are not the first of them",
    );
  }

  #targetsOf(part: number): TargetsByUser {
    if (this.#open?.part === part) return this.#open;
    this.#open = undefined; // what is open is let go before the next is read
    const rows = this.targets.of(part), offsets = partOffsets(this.dataset, part);
    const firstRow = new Uint32Array(offsets.length), firstGroup = new Uint32Array(offsets.length);
    for (let user = 1, row = 0; user < offsets.length - 1; user++) {
      while (row < rows.length && rows[row] < offsets[user + 1]) row++;
      firstRow[user + 1] = row;
      firstGroup[user + 1] = firstGroup[user] + this.#groups(row - firstRow[user]);
    }
    return this.#open = { part, rows, firstRow, firstGroup, firstUser: this.dataset.parts[part].firstUser };
  }

  /**
   * The targets of some groups of a part in an epoch.
   *
   * @param epoch From 0.
   */
  grouped(groups: Uint32Array, part: number, epoch: number): GroupedTargets {
    const { rows, firstRow, firstGroup, firstUser } = this.#targetsOf(part);
    const found: number[] = [], firsts: number[] = [], groupOf: number[] = [];
    groups.forEach((group, place) => {
      const user = userOf(firstGroup, group), number = group - firstGroup[user];
      const start = firstRow[user], end = firstRow[user + 1];
      const first = this.#sizeOfFirst(end - start, firstUser + user - 1, epoch);
      // The last group has one target at least: of the one before it, where all would go into that.
      const beginOf = (n: number) => n === 0 ? start : Math.min(start + first + (n - 1) * this.size, end - 1);
      const begin = beginOf(number), isLast = group + 1 === firstGroup[user + 1];
      const behind = isLast ? end : beginOf(number + 1);
      firsts.push(rows[begin]);
      for (let i = begin; i < behind; i++) (found.push(rows[i]), groupOf.push(place));
    });
    return {
      rows: Uint32Array.from(found),
      firsts: Uint32Array.from(firsts),
      groupOf: Int32Array.from(groupOf),
    };
  }

  /** Targets in the first group of a user with so many: the others then have `size` each, and the last one what is left. */
  #sizeOfFirst(targets: number, user: number, epoch: number): number {
    const { size } = this, others = this.#groups(targets) - 1;
    const least = Math.max(1, targets - others * size), most = Math.min(size, targets - others);
    this.#random.seek(epoch, user);
    return least + this.#random.below(most - least + 1);
  }
}
