/**
 * Ends the trainings of a study early.
 *
 * @module
 */
import { Interrupted } from "../../pipeline/contract/errors.ts";

/** The longest that a timer waits, in milliseconds; for a longer time it would not wait at all. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Aborted by a signal, or when the time is up. */
export class Stop implements Disposable {
  readonly #timeOut = new AbortController();
  #timer?: ReturnType<typeof setTimeout>;
  readonly signal: AbortSignal;

  /** @param deadline A time of `performance.now()`. */
  constructor(deadline?: number, signal?: AbortSignal) {
    this.signal = AbortSignal.any([this.#timeOut.signal, ...(signal ? [signal] : [])]);
    if (deadline !== undefined) this.#waitFor(deadline);
  }

  #waitFor(deadline: number): void {
    const left = Math.max(0, deadline - performance.now());
    this.#timer = left > LONGEST_TIMER
      ? setTimeout(() => this.#waitFor(deadline), LONGEST_TIMER)
      : setTimeout(() => this.abort(), left);
  }

  abort(): void {
    this.#timeOut.abort();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}

/** The error of a study that was stopped, with how to resume it. */
export function stoppedStudy(study: "experiment" | "tuning", kept: string, cause: unknown): Interrupted {
  const error = new Interrupted(`Stopped; ${kept} is kept`, { cause });
  error.goesOn = `run the ${study} again`;
  return error;
}
