/**
 * What somebody should know whose histories are short, as sessions are, and who did not say how long they may be.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { historyLengths } from "../history_lengths.ts";

/** Lengths to propose, and the share of the histories that has to fit. */
const LENGTHS = [10, 20], ENOUGH = 0.95;

/**
 * A remark on a training that pads nearly all histories to several times their length, because nobody said otherwise.
 *
 * @param length T, of the network.
 * @param named The options that somebody named.
 */
export function shortHistoriesRemark(
  dataset: SequenceDataset,
  length: number,
  named: { length?: unknown; sizes?: { length?: unknown } },
): string | undefined {
  if (named.length !== undefined || named.sizes?.length !== undefined) return undefined;
  const counts = historyLengths(dataset, length), all = counts.reduce((sum, count) => sum + count, 0);
  const upTo = (items: number) => counts.subarray(0, items + 1).reduce((sum, count) => sum + count, 0) / all;
  const enough = LENGTHS.find((items) => 2 * items <= length && upTo(items) >= ENOUGH);
  if (enough === undefined) return undefined;
  return `${
    Math.floor(100 * upTo(enough))
  } % of the histories have ${enough} items or fewer, and are filled up to ${length}: ` +
    `with --length ${enough} steps are much shorter, and hardly anything is left out`;
}
