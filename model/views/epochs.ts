/**
 * Epochs in words. An epoch that was cut counts as a fraction everywhere.
 *
 * @module
 */
import { formatCell } from "../../pipeline/display/table.ts";
import { type EpochPlace, epochsDone, isWhole } from "../records/epochs.ts";

/** Epochs with one decimal, for a table: 8, 2.2. A fraction is never rounded to a whole number. */
export function roundedEpochs(done: number): number {
  const nearest = Math.round(done);
  if (Math.abs(done - nearest) < 1e-9) return nearest; // a whole number up to rounding errors
  const whole = Math.floor(done), tenths = Math.min(9, Math.max(1, Math.round(10 * (done - whole))));
  return whole + tenths / 10;
}

/** Epochs without the word, for use beside a label: `8`, `8 of 20`, `2.2 of 3`. */
export const epochCount = (done: number, most?: unknown): string =>
  formatCell(roundedEpochs(done)) + (typeof most === "number" ? ` of ${formatCell(most)}` : "");

/**
 * Epochs in words: `1 epoch`, `8 of 20 epochs`, `2.2 of 3 epochs`.
 *
 * @param done Number of epochs done.
 * @param most Maximum number of epochs, if known.
 */
export const epochsOf = (done: number, most?: unknown): string =>
  `${epochCount(done, most)} epoch${
    (typeof most === "number" ? most : roundedEpochs(done)) === 1 ? "" : "s"
  }`;

/** How far records go, from the last of them: `8 epochs`; if its epoch was cut, also out of how many: `2.2 of 3 epochs`. */
export const epochsUpTo = (last: EpochPlace, most?: unknown): string =>
  epochsOf(epochsDone(last), isWhole(last) ? undefined : most);

/** The epoch of a record: `6`; for one that was cut, `3 (20 % of it)`. */
export const epochName = (place: EpochPlace): string =>
  isWhole(place) ? formatCell(place.epoch) : `${formatCell(place.epoch)} (${shareOf(place.share!)} % of it)`;

const shareOf = (share: number): number => Math.min(99, Math.max(1, Math.round(100 * share)));

/** The note on a training that has ended while {@link isImproving} held. */
export const STILL_IMPROVING = "It was still improving in its last epoch: more may gain.";

/** Whether the last of several epochs was the best one. */
export const isImproving = <R>(records: readonly R[], best: R | undefined): boolean =>
  records.length > 1 && records.at(-1) === best;
