/**
 * What runs one step after the other, one loop at a time, and ends after a step when it is asked to.
 *
 * @module
 */
import { InputError } from "../../pipeline/contract/errors.ts";

/** One call to run steps: an epoch, or all epochs that are left. */
export interface Turn extends Disposable {
  /** Whether it has been asked to end after the current step. */
  paused: boolean;
}

/** The turns at one search or training. */
export class Loop {
  readonly #turns = new Set<Turn>();
  #running?: { turn: Turn; work: Promise<unknown> };

  /** @param what What goes on, for errors: "the search". */
  constructor(readonly what: string) {}

  /** A new turn; `using` ends it. */
  turn(): Turn {
    const turn: Turn = { paused: false, [Symbol.dispose]: () => this.#turns.delete(turn) };
    this.#turns.add(turn);
    return turn;
  }

  /** Asks all turns under way to end after their current step. Those that begin later do not hear of it. */
  pause(): void {
    for (const turn of this.#turns) turn.paused = true;
  }

  /**
   * Does a turn's work. A paused turn that still runs is waited for.
   *
   * @throws {InputError} where another turn runs that nobody paused: two loops would take each other's steps.
   */
  async run<T>(turn: Turn, work: () => Promise<T>): Promise<T> {
    while (this.#running) {
      if (!this.#running.turn.paused) {
        throw new InputError(
          `Cannot go on with ${this.what}: it is running already; wait for it, or stop it with pause()`,
        );
      }
      await this.#running.work.catch(() => {}); // whoever began it hears of its error
    }
    const running = { turn, work: work() };
    this.#running = running;
    try {
      return await running.work;
    } finally {
      this.#running = undefined;
    }
  }
}
