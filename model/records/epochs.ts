/**
 * How many epochs were gone through: a whole number, unless the last of them was cut.
 *
 * @module
 */

/** What a record says of its place. */
export interface EpochPlace {
  /** From 1. */
  epoch: number;
  /** Of that epoch, how much had been gone through; left out: all of it. */
  share?: number;
}

/** Epochs that had been gone through when something was recorded: 2.2 where of the third a fifth had. */
export const epochsDone = ({ epoch, share = 1 }: EpochPlace): number => epoch - 1 + share;

/** Whether an epoch was gone through to its end. */
export const isWhole = ({ share }: EpochPlace): boolean => share === undefined;

/** The record of the best weights, whose epoch is known: of an epoch that was cut and then resumed there may be two. */
export const bestOf = <R extends EpochPlace & { best: boolean }>(
  records: readonly R[],
  bestEpoch: number,
): R | undefined => records.findLast(({ epoch, best }) => best && epoch === bestEpoch);

/** The place after so many of an epoch's steps. */
export function placeAfter(steps: number, ofEpoch: number): EpochPlace {
  const epoch = Math.ceil(steps / ofEpoch), rest = steps % ofEpoch;
  return { epoch, ...(rest > 0 && { share: rest / ofEpoch }) };
}
