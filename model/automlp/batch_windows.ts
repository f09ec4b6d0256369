/**
 * Which histories of a batch each of several candidates learns from.
 *
 * @module
 */

/** From this history of a batch up to, not including, that one. */
export type BatchWindow = readonly [from: number, to: number];

/** So many candidates learn from a history, on average. */
export const LEARNERS = 5;

/**
 * A window of the batch for each of some candidates, all as wide, evenly spread over it: so many that {@link LEARNERS} learn from a history, and a step
 * costs about the same whatever their number. Batches are drawn at random, so that no candidate's window is another kind of history.
 *
 * @param candidates How many.
 * @param batch Histories of the batch.
 */
export function windowsOf(candidates: number, batch: number): BatchWindow[] {
  const width = Math.min(batch, Math.ceil(batch * LEARNERS / candidates)), room = batch - width;
  return Array.from({ length: candidates }, (_, i) => {
    const from = candidates === 1 ? 0 : Math.round(i * room / (candidates - 1));
    return [from, from + width];
  });
}
