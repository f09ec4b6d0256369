/**
 * How many epochs were done: a whole number, unless the last one ended early.
 *
 * @module
 */

/** The place of a record in a training or search. */
export interface EpochPlace {
  /** Number of the epoch, from 1. */
  epoch: number;
  /** Share of that epoch that was done; omitted if it was completed. */
  share?: number;
}

/** Number of epochs done at the time of a record: 2.2 after a fifth of the third epoch. */
export const epochsDone = ({ epoch, share = 1 }: EpochPlace): number => epoch - 1 + share;

/** Whether an epoch was completed. */
export const isWhole = ({ share }: EpochPlace): boolean => share === undefined;

/** The record of the best weights, given their epoch: an epoch that was interrupted and resumed may have two records. */
export const bestOf = <R extends EpochPlace & { best: boolean }>(
  records: readonly R[],
  bestEpoch: number,
): R | undefined => records.findLast(({ epoch, best }) => best && epoch === bestEpoch);

/** The place after a number of steps, given the number of steps in an epoch. */
export function placeAfter(steps: number, ofEpoch: number): EpochPlace {
  const epoch = Math.ceil(steps / ofEpoch), rest = steps % ofEpoch;
  return { epoch, ...(rest > 0 && { share: rest / ofEpoch }) };
}
