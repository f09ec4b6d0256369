/**
 * What ends the trainings of a study before their own end.
 *
 * @module
 */

/** Aborted by a signal, or when the time is up. */
export class Stop implements Disposable {
  readonly #timeOut = new AbortController();
  readonly #timer?: ReturnType<typeof setTimeout>;
  readonly signal: AbortSignal;

  /** @param deadline As `performance.now()` has it. */
  constructor(deadline?: number, signal?: AbortSignal) {
    this.signal = AbortSignal.any([this.#timeOut.signal, ...(signal ? [signal] : [])]);
    if (deadline !== undefined) {
      this.#timer = setTimeout(() => this.abort(), Math.max(0, deadline - performance.now()));
    }
  }

  abort(): void {
    this.#timeOut.abort();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
