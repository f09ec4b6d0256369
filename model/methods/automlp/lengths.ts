/**
 * Default short-term lengths that suit the data: those that histories fill.
 *
 * @module
 */
import type { SequenceDataset } from "../../../pipeline/contract/dataset.ts";
import { historiesUpTo, historyLengths } from "../../history_lengths.ts";
import { defaultCandidates, type NetworkConfig, targetsPerHistory } from "./config.ts";

/** A length is left out if more than this share of the histories does not fill it: its network would see the same as a shorter one. */
export const MOST_SHORTER = 0.95;

/** Candidate lengths if histories are so short that at most one of the usual lengths is left; at least the first two are used. */
const OF_SHORT_HISTORIES = [1, 2, 3];

/** Returns the default candidate lengths: the usual ones except those that hardly any history of a training target fills. */
export function candidatesFor(
  dataset: SequenceDataset,
  sizes: Pick<NetworkConfig, "length" | "longLayers" | "targetsPerHistory">,
): number[] {
  const usual = defaultCandidates(sizes);
  // If targets share histories, these are long: candidate lengths must reach back to the shared part.
  if (usual.length < 2 || targetsPerHistory(sizes) > 1) return usual;
  const counts = historyLengths(dataset, usual.at(-1)!), all = historiesUpTo(counts);
  if (all === 0) return usual;
  const isFilled = (k: number) => historiesUpTo(counts, k - 1) <= MOST_SHORTER * all;
  const filled = usual.filter(isFilled);
  if (filled.length > 1) return filled;
  return OF_SHORT_HISTORIES.filter((k, i) => k <= sizes.length && (i < 2 || isFilled(k)));
}
