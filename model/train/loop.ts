/**
 * Runs steps, one loop at a time, and ends after a step when asked to.
 *
 * @module
 */
import { InputError } from "../../pipeline/contract/errors.ts";

/** One call that runs steps: for an epoch, or for all remaining epochs. */
export interface LoopLease extends Disposable {
  /** Whether it was asked to end after the current step. */
  paused: boolean;
}

/** The leases of one search or training. */
export class Loop {
  readonly #leases = new Set<LoopLease>();
  #running?: { lease: LoopLease; work: Promise<unknown> };

  /** @param what What is running, for errors: "the search". */
  constructor(readonly what: string) {}

  /** A new lease; `using` ends it. */
  lease(): LoopLease {
    const lease: LoopLease = { paused: false, [Symbol.dispose]: () => this.#leases.delete(lease) };
    this.#leases.add(lease);
    return lease;
  }

  /** Asks all current leases to end after their current step. Those that begin later are not affected. */
  pause(): void {
    for (const lease of this.#leases) lease.paused = true;
  }

  /**
   * Does a lease's work. If a paused lease is still running, waits for it first.
   *
   * @throws {InputError} if another lease is running and was not paused: two loops would take each other's steps.
   */
  async run<T>(lease: LoopLease, work: () => Promise<T>): Promise<T> {
    while (this.#running) {
      if (!this.#running.lease.paused) {
        throw new InputError(
          `Cannot resume ${this.what}: it is running already; wait for it, or stop it with pause()`,
        );
      }
      await this.#running.work.catch(() => {}); // its error is reported where it was started
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
