/**
 * What is to happen when somebody stops work that cannot look whether anybody did.
 *
 * @module
 */

/**
 * Calls `stop` once, when `signal` is aborted; at once if it already is, for a signal says so to nobody who listens later.
 *
 * @returns Ends the listening; to be called when the work is over.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { whenStopped } from "./when_stopped.ts";
 * let stops = 0;
 * const over = whenStopped(AbortSignal.abort(), () => stops++);
 * over();
 * assert(stops === 1);
 * ```
 */
export function whenStopped(signal: AbortSignal | undefined, stop: () => void): () => void {
  const heard = () => stop();
  signal?.addEventListener("abort", heard, { once: true });
  if (signal?.aborted) stop();
  return () => signal?.removeEventListener("abort", heard);
}
