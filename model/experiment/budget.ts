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

  /** The moment at which a share of what is left now is used up; undefined without an end. */
  share(share: number): number | undefined {
    if (this.end === undefined) return undefined;
    const now = performance.now();
    return now + Math.max(0, this.end - now) * share;
  }
}
