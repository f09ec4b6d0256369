/**
 * The time that a job may take.
 *
 * @module
 */

/** A moment by which work is to be done, and shares of the time that is left until then. Moments are those of `performance.now()`. */
export class Budget {
  /** @param end Left out: the work may take as long as it takes. */
  constructor(readonly end?: number) {}

  /** A budget of some seconds, or of none. */
  static of(seconds: number | undefined, started: number = performance.now()): Budget {
    return new Budget(seconds === undefined ? undefined : started + seconds * 1000);
  }

  /** Seconds that are left now; undefined without an end. */
  get left(): number | undefined {
    return this.end === undefined ? undefined : Math.max(0, this.end - performance.now()) / 1000;
  }

  /** The moment at which a share of what is left now is used up; undefined without an end. */
  share(share: number): number | undefined {
    const { left } = this;
    return left === undefined ? undefined : performance.now() + left * 1000 * share;
  }
}
