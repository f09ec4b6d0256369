/**
 * Lists of negatives for positives whose users' sequences are at hand: of all users, or of some at a time.
 *
 * @module
 */
import { checkInterrupt } from "../contract/errors.ts";
import type { DataFrame } from "../contract/frame.ts";
import type { Task } from "../contract/progress.ts";
import type { Protocol } from "../contract/dataset/protocols.ts";
import { type DrawNegatives, type DrawnFrom, negativesDrawer, negativeWeights } from "./protocols.ts";
import { yieldToEventLoop } from "../contract/machine/event_loop.ts";

/** The sequences of users whose numbers follow each other. */
export interface Sequences {
  /** One user's items behind the other's. */
  items: Uint32Array;
  firstUser: number;
  /** [users + 1]: the user `firstUser + i` has `items[offsets[i]]` … `items[offsets[i + 1] − 1]`. */
  offsets: Uint32Array;
}

/**
 * The sequences in a frame.
 *
 * @param frame Ordered by user, then time, with `item`.
 * @param counts How many of its rows each user has, from `firstUser` on.
 */
export function sequencesOf(frame: DataFrame, firstUser: number, counts: ArrayLike<number>): Sequences {
  const offsets = new Uint32Array(counts.length + 1);
  for (let i = 0; i < counts.length; i++) offsets[i + 1] = offsets[i] + counts[i];
  return { items: frame.getColumn("item").toTypedArray() as Uint32Array, firstUser, offsets };
}

/** What decides the lists, beside protocol, user and place. */
export interface ListOptions {
  /** Of each list. */
  count: number;
  /** [items + 1]: how often each item is a target. */
  popularity: Uint32Array;
  exponent: number;
  seed: number;
  /** Table (`user`, `id`), to name a user in a message. */
  users: DataFrame;
  /** See {@link DrawnFrom.instead}. */
  instead: DrawnFrom["instead"];
  /** Advances by positives. */
  task?: Task;
  signal?: AbortSignal;
}

/** Milliseconds after which there is time for Ctrl-C and for what is drawn on the screen. */
const PAUSE_MS = 50;

/** Draws lists by several protocols. */
export class ListDrawer {
  readonly #drawers: DrawNegatives[];
  readonly #options: ListOptions;
  #sequences!: Sequences;

  /** @throws {InputError} where there are too few items. */
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
   * Draws for some positives.
   *
   * @param positives `row` (in the sequences' items), `user`, `item`, ordered by row.
   * @returns [protocols × positives × count].
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
