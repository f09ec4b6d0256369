/**
 * What makes a search say less than it seems to: too few held-out targets, or candidates that hardly any history fills.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { historiesBefore } from "../train/batch.ts";

/** With fewer held-out targets, differences that matter are lost in those between users. */
export const ENOUGH_TARGETS = 300;
/** A candidate that this share of the histories does not fill is hardly tried. */
const MOST_SHORTER = 0.95;

/**
 * Remarks on a search, each with what to do.
 *
 * @param rows The held-out targets, rows of the dataset's interactions.
 * @param candidates Lengths, ascending.
 */
export function searchConcerns(
  dataset: SequenceDataset,
  rows: Uint32Array,
  candidates: readonly number[],
): string[] {
  const { starts, ends } = historiesBefore(dataset.sequences(), rows);
  const lengths = Uint32Array.from(ends, (end, i) => end - starts[i]);
  const shorter = (k: number) =>
    lengths.reduce((count, length) => count + Number(length < k), 0) / rows.length;
  const hardly = candidates.length < 2 ? [] : candidates.filter((k) => shorter(k) > MOST_SHORTER);
  const percent = (share: number) => `${Math.floor(100 * share)} %`;
  return [
    ...(rows.length < ENOUGH_TARGETS
      ? [
        `The lengths are judged by ${rows.length} held-out targets only: expect them to look alike; hold out a larger share (alphaData), ` +
        "or compare with an exhaustive search",
      ]
      : []),
    ...(hardly.length > 0
      ? [
        `${percent(shorter(hardly[0]))} of the histories are shorter than ${
          hardly.join(", ")
        }: such a length is hardly tried; ` +
        "leave it out of the candidates",
      ]
      : []),
  ];
}
