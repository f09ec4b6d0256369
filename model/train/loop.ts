/**
 * What runs one step after the other, one loop at a time, and ends after a step when it is asked to.
 *
 * @module
 */
import { InputError } from "../../pipeline/contract/errors.ts";

/** One call to run steps: an epoch, or all epochs that are left. */
export interface LoopLease extends Disposable {
  /** Whether it has been asked to end after the current step. */
  paused: boolean;
}

/** The leases at one search or training. */
export class Loop {
  readonly #leases = new Set<LoopLease>();
  #running?: { lease: LoopLease; work: Promise<unknown> };

  /** @param what What continues, for errors: "the search". */
  constructor(readonly what: string) {}

  /** A new lease; `using` ends it. */
  lease(): LoopLease {
    const lease: LoopLease = { paused: false, [Symbol.dispose]: () => this.#leases.delete(lease) };
    this.#leases.add(lease);
    return lease;
  }

  /** Asks all leases under way to end after their current step. Those that begin later do not hear of it. */
  pause(): void {
    for (const lease of this.#leases) lease.paused = true;
  }

  /**
   * Does a lease's work. A paused lease that still runs is waited for.
   *
   * @throws {InputError} if another lease runs that nobody paused: two loops would take each other's steps.
   */
  async run<T>(lease: LoopLease, work: () => Promise<T>): Promise<T> {
    while (this.#running) {
      if (!this.#running.lease.paused) {
        throw new InputError(
          `Cannot resume ${this.what}: it is running already; wait for it, or stop it with pause()`,
        );
      }
      await this.#running.work.catch(() => {}); // whoever began it hears of its error
    }
    const running = { lease, work: work() };
    this.#running = running;
    try {
      return await running.work;
    } finally {
      this.#running = undefined;
    }
  }
}
