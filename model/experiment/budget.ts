/**
 * The time that a job may take.
 *
 * @module
 */

/** A moment by which work has to be done, and shares of the time left until then. Moments are those of `performance.now()`. */
export class Budget {
  /** @param end The moment by which work has to be done. Omitted: no limit. */
  constructor(readonly end?: number) {}

  /** Creates a budget of some seconds, or without a limit. */
  static of(seconds: number | undefined, started: number = performance.now()): Budget {
    return new Budget(seconds === undefined ? undefined : started + seconds * 1000);
  }

  /** Seconds left now; undefined without a limit. */
  get left(): number | undefined {
    return this.end === undefined ? undefined : Math.max(0, this.end - performance.now()) / 1000;
  }

  /** Returns the moment at which a share of the time left now is used up; undefined without a limit. */
  share(share: number): number | undefined {
    const { left } = this;
    return left === undefined ? undefined : performance.now() + left * 1000 * share;
  }
}
