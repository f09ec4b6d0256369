/**
 * Groups of consecutive training targets in a user's sequence.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { RandomStream } from "../../pipeline/contract/random.ts";
import { damagedDataset } from "../../pipeline/contract/dataset/table_files.ts";
import { partOffsets, trainingLengths } from "./open_part.ts";
import type { ExamplePool } from "./order.ts";

/** The targets of some groups, as rows of the sequences. */
export interface GroupedTargets {
  /** Rows of the targets, [B]. */
  rows: Uint32Array;
  /** The first row of each group, [H]. */
  firsts: Uint32Array;
  /** The group of each row, from 0, [B]. */
  groupOf: Int32Array;
}

/** The targets of a part, divided into groups. */
interface Divided {
  part: number;
  epoch: number;
  /** Rows, [n], ascending. */
  rows: Uint32Array;
  /** Where each group begins among them, and at the end where the last one ends, [groups + 1]. */
  begins: Uint32Array;
}

/**
 * The targets of each user in groups of at most `size` consecutive ones. The size of a user's first group is drawn
 * anew for each epoch, so that every target is sometimes the first of its group. There are as few groups as leave
 * room for that: two, if a user's targets would fit into one.
 *
 * If some targets are left out (`some`), a group has those within `size` consecutive rows, so that no target has more
 * of its user's items between itself and the first of its group. Then the size of the first group is drawn only once:
 * with moving groups, their number would change from epoch to epoch.
 */
export class TargetGroups {
  /** The groups of each part, numbered user by user. */
  readonly pool: ExamplePool;
  readonly #random: RandomStream;
  /** The part that was used last. */
  #open?: Divided;

  /**
   * @param targets Rows of each part's sequences, ascending: training targets.
   * @param size Maximum number of targets in a group, at least 1.
   * @param which Whether the targets are all that exist: then their groups are counted without reading each part.
   */
  constructor(
    readonly dataset: SequenceDataset,
    readonly targets: ExamplePool,
    readonly size: number,
    seed: number,
    readonly which: "all" | "some" = "all",
  ) {
    this.#random = new RandomStream(seed, "target groups");
    const sizes = which === "some" || targets.sizes.length === 1
      ? targets.sizes.map((_, part) => this.#dividedAt(part, 0).begins.length - 1)
      : trainingLengths(dataset).map((lengths) =>
        [...lengths].reduce((sum, [length, users]) => sum + users * this.#groups(length - 1), 0)
      );
    this.pool = { sizes, of: (part) => this.#numbered(part, sizes[part]) };
  }

  #numbered(part: number, size: number): Uint32Array {
    if (this.#dividedAt(part, 0).begins.length === size + 1) {
      return Uint32Array.from({ length: size }, (_, i) => i);
    }
    throw damagedDataset(
      this.dataset.folder,
      "the training interactions of a user are not the first of them",
    );
  }

  /** A part's targets in the groups of an epoch. */
  #dividedAt(part: number, asked: number): Divided {
    const epoch = this.which === "all" ? asked : 0, known = this.#open;
    if (known?.part === part && known.epoch === epoch) return known;
    this.#open = undefined; // release the open part before the next one is read
    const rows = known?.part === part ? known.rows : this.targets.of(part), begins: number[] = [];
    const offsets = partOffsets(this.dataset, part), { firstUser } = this.dataset.parts[part];
    for (let user = 1, start = 0; user < offsets.length - 1; user++) {
      let end = start;
      while (end < rows.length && rows[end] < offsets[user + 1]) end++;
      if (end === start) continue;
      this.#random.seek(epoch, firstUser + user - 1);
      if (this.which === "all") this.#divideAll(start, end, begins);
      else this.#divideSome(rows, start, end, begins);
      start = end;
    }
    return this.#open = { part, epoch, rows, begins: Uint32Array.from([...begins, rows.length]) };
  }

  /** Number of groups of a user with this number of targets, if none is left out. */
  #groups(targets: number): number {
    return Math.max(0, Math.min(targets, Math.max(2, Math.floor(targets / this.size) + 1)));
  }

  /** Where the groups of a user with all targets begin, from `start` to `end`. */
  #divideAll(start: number, end: number, begins: number[]): void {
    const { size } = this, targets = end - start, others = this.#groups(targets) - 1;
    // Between the first and the last, each group has `size`; the last has the rest, at least one.
    const least = Math.max(1, targets - others * size), most = Math.min(size, targets - others);
    const first = least + this.#random.below(most - least + 1);
    begins.push(start);
    for (let n = 0; n < others; n++) begins.push(Math.min(start + first + n * size, end - 1));
  }

  /** The same for a user of whose targets some are left out. */
  #divideSome(rows: Uint32Array, start: number, end: number, begins: number[]): void {
    let behind = rows[start] + 1 + this.#random.below(this.size);
    begins.push(start);
    for (let i = start + 1; i < end; i++) {
      if (rows[i] < behind) continue;
      begins.push(i);
      behind = rows[i] + this.size;
    }
  }

  /**
   * Returns the targets of some groups of a part in an epoch.
   *
   * @param epoch The epoch, from 0.
   */
  grouped(groups: Uint32Array, part: number, epoch: number): GroupedTargets {
    const { rows, begins } = this.#dividedAt(part, epoch), found: number[] = [], groupOf: number[] = [];
    groups.forEach((group, place) => {
      for (let i = begins[group]; i < begins[group + 1]; i++) (found.push(rows[i]), groupOf.push(place));
    });
    return {
      rows: Uint32Array.from(found),
      firsts: groups.map((group) => rows[begins[group]]),
      groupOf: Int32Array.from(groupOf),
    };
  }
}
