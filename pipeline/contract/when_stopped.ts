/**
 * Reacts to a stop for work that cannot check the signal itself.
 *
 * @module
 */

/**
 * Calls `stop` once, when `signal` is aborted; at once if it already is, because a signal does not notify listeners that are added later.
 *
 * @returns A function that removes the listener, to be called when the work is over.
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
