/**
 * Draws lists of negatives for positives whose users' sequences are in memory: of all users, or of some at a time.
 *
 * @module
 */
import { checkInterrupt } from "../contract/errors.ts";
import type { DataFrame } from "../contract/frame.ts";
import type { Task } from "../contract/progress.ts";
import type { Protocol } from "../contract/dataset/protocols.ts";
import { type DrawNegatives, type DrawnFrom, negativesDrawer, negativeWeights } from "./protocols.ts";
import { yieldToEventLoop } from "../contract/machine/event_loop.ts";

/** The sequences of consecutive users. */
export interface Sequences {
  /** The users' items, one user after another. */
  items: Uint32Array;
  firstUser: number;
  /** Offsets [users + 1]: the user `firstUser + i` has `items[offsets[i]]` … `items[offsets[i + 1] − 1]`. */
  offsets: Uint32Array;
}

/**
 * Returns the sequences in a frame.
 *
 * @param frame Interactions ordered by user, then time, with `item`.
 * @param counts Number of its rows for each user, from `firstUser` on.
 */
export function sequencesOf(frame: DataFrame, firstUser: number, counts: ArrayLike<number>): Sequences {
  const offsets = new Uint32Array(counts.length + 1);
  for (let i = 0; i < counts.length; i++) offsets[i + 1] = offsets[i] + counts[i];
  return { items: frame.getColumn("item").toTypedArray() as Uint32Array, firstUser, offsets };
}

/** What determines the lists, besides protocol, user and place. */
export interface ListOptions {
  /** Number of negatives in each list. */
  count: number;
  /** Number of times that each item is a target [items + 1]. */
  popularity: Uint32Array;
  exponent: number;
  seed: number;
  /** Table (`user`, `id`), for naming a user in messages. */
  users: DataFrame;
  /** See {@link DrawnFrom.instead}. */
  instead: DrawnFrom["instead"];
  /** Advances by positives. */
  task?: Task;
  signal?: AbortSignal;
}

/** Milliseconds after which the work pauses for Ctrl-C and for drawing on the screen. */
const PAUSE_MS = 50;

/** Draws lists for several protocols. */
export class ListDrawer {
  readonly #drawers: DrawNegatives[];
  readonly #options: ListOptions;
  #sequences!: Sequences;

  /** @throws {InputError} if there are too few items. */
  constructor(protocols: readonly Protocol[], options: ListOptions) {
    const { popularity, exponent, seed, users, instead } = options;
    this.#options = options;
    this.#drawers = protocols.map((protocol) =>
      negativesDrawer(protocol, {
        weights: negativeWeights(protocol, popularity, exponent),
        seed,
        historyOf: (user) => this.#historyOf(user),
        users,
        instead,
      })
    );
  }

  /**
   * Draws the negatives of some positives.
   *
   * @param positives A table with `row` (in the sequences' items), `user`, `item`, ordered by row.
   * @returns Negatives [protocols × positives × count].
   * @throws {InputError} if a user leaves too few items; {@link Interrupted} if `signal` is aborted.
   */
  async draw(positives: DataFrame, sequences: Sequences): Promise<Uint32Array> {
    this.#sequences = sequences;
    const { count, task, signal } = this.#options, { firstUser, offsets } = sequences;
    const [rows, users, targets] = ["row", "user", "item"].map((name) =>
      positives.getColumn(name).toTypedArray() as Uint32Array
    );
    const negatives = new Uint32Array(this.#drawers.length * rows.length * count);
    for (const [p, draw] of this.#drawers.entries()) {
      checkInterrupt(signal, "drawing negatives");
      const base = p * rows.length;
      let paused = performance.now(), reported = 0;
      for (let i = 0; i < rows.length; i++) {
        const user = users[i], start = (base + i) * count;
        draw(negatives.subarray(start, start + count), user, rows[i] - offsets[user - firstUser], targets[i]);
        if ((i & 0xff) === 0 && performance.now() - paused > PAUSE_MS) {
          task?.advance(i - reported);
          reported = i;
          await yieldToEventLoop();
          checkInterrupt(signal, "drawing negatives");
          paused = performance.now();
        }
      }
      task?.advance(rows.length - reported);
    }
    return negatives;
  }

  #historyOf(user: number): Uint32Array {
    const { items, firstUser, offsets } = this.#sequences, i = user - firstUser;
    return items.subarray(offsets[i], offsets[i + 1]);
  }
}
