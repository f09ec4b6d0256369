/**
 * Epochs in words. One that was cut counts as the part that it is, everywhere.
 *
 * @module
 */
import { formatCell } from "../../pipeline/display/table.ts";
import { type EpochPlace, epochsDone, isWhole } from "../records/epochs.ts";

/** With one decimal, for a table: 8, 2.2. A part is neither nothing nor a whole one, however small or large it is. */
export function roundedEpochs(done: number): number {
  const nearest = Math.round(done);
  if (Math.abs(done - nearest) < 1e-9) return nearest; // but for rounding
  const whole = Math.floor(done), tenths = Math.min(9, Math.max(1, Math.round(10 * (done - whole))));
  return whole + tenths / 10;
}

/** Epochs without the word, where a label has it: `8`, `8 of 20`, `2.2 of 3`. */
export const epochCount = (done: number, most?: unknown): string =>
  formatCell(roundedEpochs(done)) + (typeof most === "number" ? ` of ${formatCell(most)}` : "");

/**
 * `1 epoch`, `8 of 20 epochs`, `2.2 of 3 epochs`.
 *
 * @param done How many were gone through.
 * @param most How many there are to be at most, where it is known.
 */
export const epochsOf = (done: number, most?: unknown): string =>
  `${epochCount(done, most)} epoch${
    (typeof most === "number" ? most : roundedEpochs(done)) === 1 ? "" : "s"
  }`;

/** How far records came, by the last of them: `8 epochs`; where its epoch was cut also of how many: `2.2 of 3 epochs`. */
export const epochsUpTo = (last: EpochPlace, most?: unknown): string =>
  epochsOf(epochsDone(last), isWhole(last) ? undefined : most);

/** Which epoch a record is of: `6`; of one that was cut, `3 (20 % of it)`. */
export const epochName = (place: EpochPlace): string =>
  isWhole(place) ? formatCell(place.epoch) : `${formatCell(place.epoch)} (${shareOf(place.share!)} % of it)`;

const shareOf = (share: number): number => Math.min(99, Math.max(1, Math.round(100 * share)));

/** What is said of a training that has ended where {@link isImproving}. */
export const STILL_IMPROVING = "It was still improving in its last epoch: more may gain.";

/** Whether the last of several epochs was the best one. */
export const isImproving = <R>(records: readonly R[], best: R | undefined): boolean =>
  records.length > 1 && records.at(-1) === best;
