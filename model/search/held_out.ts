/**
 * The held-out targets that candidates are judged by: batches of whole users, in a new order each round.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { countOf, formatAmount } from "../../pipeline/display/text/units.ts";
import { checkTargets, partOffsets, sizeOf, targetsOf } from "../train/open_part.ts";
import { Cursor, epochOrder, type ExamplePool, poolOf } from "../train/order.ts";
import type { SearchOptions } from "./state.ts";
import { userOf } from "../train/batch.ts";

/** Targets of a part, grouped by user. */
export interface TargetsByUser {
  /** Rows of the targets, [n], ascending. */
  rows: Uint32Array;
  /** Where each user's rows begin among them, and at the end where the last ones end, [users with targets + 1]. */
  begins: number[];
  /** Where each user's sequence begins, [users with targets]. */
  firstRows: number[];
}

/**
 * @param offsets Where the users' sequences begin, [users + 2].
 * @param rows Rows of the part's interactions, [n], ascending.
 */
function targetsByUser(offsets: Uint32Array, rows: Uint32Array): TargetsByUser {
  const begins: number[] = [], firstRows: number[] = [];
  let end = 0;
  rows.forEach((row, i) => {
    if (row < end) return;
    const user = userOf(offsets, row);
    begins.push(i);
    firstRows.push(offsets[user]);
    end = offsets[user + 1];
  });
  return { rows, begins: [...begins, rows.length], firstRows };
}

/** The purpose of random draws for a part; with a single part, the name is the same as before parts existed. */
const ofPart = (purpose: string, part: number, parts: number): string =>
  parts === 1 ? purpose : `${purpose}/part ${part}`;

/**
 * Returns the targets of randomly drawn users, about `most` in all and from each part in proportion to its size; all
 * targets if there are no more than that.
 *
 * @param targets Those of the training part, as rows within the parts of the dataset.
 * @param most Approximate number, because a user's targets are taken together.
 */
export function ofDrawnUsers(
  dataset: SequenceDataset,
  targets: ExamplePool,
  most: number,
  seed: number,
): ExamplePool {
  const all = sizeOf(targets), { sizes } = targets;
  if (all <= most) return targets;
  const drawn = (part: number) => {
    const { rows, begins } = targetsByUser(partOffsets(dataset, part), targets.of(part));
    const wanted = Math.ceil(most * sizes[part] / all), chosen = new Uint8Array(begins.length - 1);
    const users = Uint32Array.from(chosen, (_, user) => user);
    let taken = 0;
    for (const user of epochOrder(users, ofPart("search/drawn users", part, sizes.length), seed, 0)) {
      if (taken >= wanted) break;
      chosen[user] = 1;
      taken += begins[user + 1] - begins[user];
    }
    const own = new Uint32Array(taken);
    let end = 0;
    users.filter((user) => chosen[user] === 1).forEach((user) => {
      own.set(rows.subarray(begins[user], begins[user + 1]), end);
      end += begins[user + 1] - begins[user];
    });
    return own;
  };
  return sizes.length === 1
    ? poolOf(drawn(0))
    : { sizes: sizes.map((_, part) => drawn(part).length), of: drawn };
}

/** The remark if not all targets are taken. */
const drawnWords = (taken: number, all: number): string | undefined =>
  taken === all
    ? undefined
    : `The search takes ${formatAmount(taken)} of ${
      countOf(all, "training target")
    }, those of users drawn by chance ` +
      "(searchTargets, in code targets)";

/** The targets of a search, as rows within the parts of the dataset, ascending. */
export interface SearchTargets {
  /** Targets that the weights learn from. */
  train: ExamplePool;
  /** Targets that the candidates are judged by. */
  heldOut: ExamplePool;
  /** The remark to show if the training part has more targets than are taken. */
  remark?: string;
}

/** Divides the targets. For a dataset in parts this is repeated whenever a part is requested; only the counts of all parts are kept. */
export function searchTargets(
  dataset: SequenceDataset,
  { alphaData, targets: most, seed }: Pick<SearchOptions, "alphaData" | "targets" | "seed">,
): SearchTargets {
  checkTargets(dataset);
  const whole = targetsOf(dataset, "train"), targets = ofDrawnUsers(dataset, whole, most, seed);
  const remark = drawnWords(sizeOf(targets), sizeOf(whole));
  if (alphaData === "validation") {
    const heldOut = targetsOf(dataset, "validation");
    if (sizeOf(heldOut) > 0) return { train: targets, heldOut, remark };
    throw new InputError(
      `Cannot search by the validation part of ${dataset.folder}: it has no targets; hold out a share of the training part (alphaData: 0.3)`,
    );
  }
  const { sizes } = targets;
  const held = sizes.map((size) => Math.min(size, Math.max(1, Math.round(alphaData * size))));
  if (sizes.every((size, part) => size === held[part])) {
    const count = countOf(sizeOf(targets), "target");
    throw new InputError(
      `Cannot search on ${dataset.folder}: of the ${count} of its training part none is left to learn from where alphaData: ${alphaData} ` +
        "is held out; hold out less, or give a length (--search none --short K)",
    );
  }
  const shuffled = (part: number) =>
    epochOrder(targets.of(part), ofPart("search/held out", part, sizes.length), seed, 0);
  if (sizes.length === 1) {
    const rows = shuffled(0);
    return {
      train: poolOf(rows.slice(held[0]).sort()),
      heldOut: poolOf(rows.slice(0, held[0]).sort()),
      remark,
    };
  }
  return {
    train: {
      sizes: sizes.map((size, part) => size - held[part]),
      of: (part) => shuffled(part).subarray(held[part]).sort(),
    },
    heldOut: { sizes: held, of: (part) => shuffled(part).slice(0, held[part]).sort() },
    remark,
  };
}

/**
 * Minimum number of batches, if there are enough users: the error of a difference is estimated from how it varies
 * between batches of users.
 */
const LEAST_BATCHES = 32;
/**
 * Number of turns in which a part's batches are processed, alternating with those of other parts, so that any stretch
 * of a search judges users from all parts. Each turn reads the part again.
 */
const TURNS = 8;

/** A batch of held-out targets. */
export interface HeldOutBatch {
  /** The number of the batch; it has the same targets in every round. */
  batch: number;
  /** Which part of the dataset. */
  part: number;
  /** Rows in the part's interactions. */
  rows: Uint32Array;
}

/** Some consecutive batches of one part. */
interface Turn {
  part: number;
  /** The place of the first of them among the part's batches. */
  first: number;
  batches: number;
}

/**
 * Held-out targets in batches. No user is in two of them, except one with more targets than twice the batch size; so,
 * as far as users are concerned, two batches give independent estimates of a difference. With a dataset in parts, one
 * part's batches are in memory at a time.
 */
export class HeldOut {
  /** Current place; an epoch goes through all batches, one by one. */
  readonly cursor: Cursor;
  /** Number of targets by the number of items before them, [longest + 1]; the last entry counts that many or more. */
  readonly historyLengths: Uint32Array;
  readonly #turns: Turn[] = [];
  /** The number of each part's first batch, [parts]. */
  readonly #firstBatch: number[] = [];
  readonly #batchesOf: (part: number) => Uint32Array[];
  #open?: { part: number; batches: Uint32Array[] };

  /**
   * @param targets Rows of each part.
   * @param size Maximum number of targets in a batch, or somewhat more to keep a user's together.
   * @param longest The longest history to count.
   */
  constructor(
    dataset: SequenceDataset,
    { sizes, of }: ExamplePool,
    { size, longest, seed }: { size: number; longest: number; seed: number },
  ) {
    const total = sizes.reduce((sum, size) => sum + size, 0), lengths = new Uint32Array(longest + 1);
    const aim = Math.min(size, Math.max(1, Math.ceil(total / LEAST_BATCHES)));
    const own = (part: number) => targetsByUser(partOffsets(dataset, part), of(part));
    const cut = (byUser: TargetsByUser, part: number) =>
      batchesOfUsers(byUser, aim, ofPart("search/users", part, sizes.length), seed);
    let before = 0;
    for (let part = 0; part < sizes.length; part++) {
      const byUser = own(part), batches = cut(byUser, part);
      countLengths(byUser, lengths);
      this.#firstBatch.push(before);
      before += batches.length;
      this.#turns.push(...turnsOf(part, batches.length, sizes.length === 1 ? 1 : TURNS));
      if (sizes.length === 1) this.#open = { part, batches };
    }
    this.historyLengths = lengths;
    this.#batchesOf = (part) => cut(own(part), part);
    const turns: ExamplePool = {
      sizes: this.#turns.map(({ batches }) => batches),
      of: (turn) => Uint32Array.from({ length: this.#turns[turn].batches }, (_, i) => i),
    };
    this.cursor = new Cursor(turns, 1, "search/alpha", seed);
  }

  /** Returns the next batch and moves on. */
  next(): HeldOutBatch {
    const { part, first } = this.#turns[this.cursor.part], place = first + this.cursor.next()[0];
    if (this.#open?.part !== part) {
      this.#open = undefined; // release the open part before the next one is made
      this.#open = { part, batches: this.#batchesOf(part) };
    }
    return { batch: this.#firstBatch[part] + place, part, rows: this.#open.batches[place] };
  }
}

/** Divides a part's batches into turns of about equal size. */
function turnsOf(part: number, batches: number, turns: number): Turn[] {
  const bounds = Array.from({ length: turns + 1 }, (_, i) => Math.floor(i * batches / turns));
  return bounds.slice(1).map((end, i) => ({ part, first: bounds[i], batches: end - bounds[i] }))
    .filter(({ batches }) => batches > 0);
}

/** Counts the targets by the number of items before them. */
function countLengths({ rows, begins, firstRows }: TargetsByUser, lengths: Uint32Array): void {
  const last = lengths.length - 1;
  firstRows.forEach((firstRow, user) => {
    for (let i = begins[user]; i < begins[user + 1]; i++) lengths[Math.min(rows[i] - firstRow, last)]++;
  });
}

/** The rows, users in random order, cut once a batch has reached `aim`: between two users, or at 2 · `aim` at the latest. */
function batchesOfUsers(
  { rows, begins, firstRows }: TargetsByUser,
  aim: number,
  purpose: string,
  seed: number,
): Uint32Array[] {
  const order = epochOrder(Uint32Array.from(firstRows, (_, user) => user), purpose, seed, 0);
  const all = new Uint32Array(rows.length), batches: Uint32Array[] = [];
  let start = 0, end = 0;
  const close = () => {
    batches.push(all.subarray(start, end));
    start = end;
  };
  for (const user of order) {
    for (let i = begins[user]; i < begins[user + 1]; i++) {
      all[end++] = rows[i];
      if (end - start === 2 * aim) close();
    }
    if (end - start >= aim) close();
  }
  if (end > start) close();
  return batches;
}
