/**
 * Lengths of the histories that a network learns from.
 *
 * @module
 */
import type { SequenceDataset } from "../pipeline/contract/dataset.ts";

/** Default maximum length of a history, for data with longer ones. */
export const USUAL_LENGTH = 50;

/**
 * Counts the training targets by the number of items before them: [most + 1], the last for that many or more. Of a dataset in parts, one
 * part is in memory at a time.
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

/** Number of targets that have at most `items` items before them. Default: all targets. */
export const historiesUpTo = (lengths: Uint32Array, items = lengths.length - 1): number =>
  lengths.subarray(0, items + 1).reduce((sum, count) => sum + count, 0);
