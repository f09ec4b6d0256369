/**
 * How long the histories are that a network learns from.
 *
 * @module
 */
import type { SequenceDataset } from "../pipeline/contract/dataset.ts";

/** How many items of a history count where nobody says, and the data have longer ones. */
export const USUAL_LENGTH = 50;

/**
 * [most + 1]: how many training targets have so many items before them; the last: that many or more. Of a dataset in parts one is in memory at a time.
 */
export function historyLengths(dataset: SequenceDataset, most: number): Uint32Array {
  const counts = new Uint32Array(most + 1);
  for (const part of dataset.parts) {
    const { offsets } = part.sequences(), rows = part.targets("train");
    for (let i = 0, user = 0; i < rows.length; i++) {
      while (rows[i] >= offsets[user + 1]) user++;
      counts[Math.min(most, rows[i] - offsets[user])]++;
    }
  }
  return counts;
}

/** How many of them have at most so many items; left out: all of them. */
export const historiesUpTo = (lengths: Uint32Array, items = lengths.length - 1): number =>
  lengths.subarray(0, items + 1).reduce((sum, count) => sum + count, 0);
