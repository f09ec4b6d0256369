/**
 * Decides which histories of a batch each of several candidates learns from.
 *
 * @module
 */

/** A range of histories of a batch; `to` is excluded. */
export type BatchWindow = readonly [from: number, to: number];

/** Number of candidates that learn from a history, on average. */
export const LEARNERS = 5;

/**
 * Returns a window of the batch for each candidate. All are equally wide and evenly spread over the batch, so wide that {@link LEARNERS}
 * candidates learn from a history and a step costs about the same for any number of candidates. Batches are drawn at random, so no window
 * differs in kind from another.
 *
 * @param candidates Number of candidates.
 * @param batch Number of histories in the batch.
 */
export function windowsOf(candidates: number, batch: number): BatchWindow[] {
  const width = Math.min(batch, Math.ceil(batch * LEARNERS / candidates)), room = batch - width;
  return Array.from({ length: candidates }, (_, i) => {
    const from = candidates === 1 ? 0 : Math.round(i * room / (candidates - 1));
    return [from, from + width];
  });
}
