/**
 * Short-term lengths that suit the data where nobody names any: those that histories fill.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { historiesUpTo, historyLengths } from "../history_lengths.ts";
import { defaultCandidates } from "./config.ts";
import type { NetworkConfig } from "./network_config.ts";
import { targetsPerHistory } from "./shared_histories.ts";

/** A length that more than this share of the histories does not fill is hardly tried: its network sees what a shorter one sees. */
export const MOST_SHORTER = 0.95;

/** Where histories are so short that at most one of the usual lengths is left, those to choose from: at least the first two. */
const OF_SHORT_HISTORIES = [1, 2, 3];

/** The lengths to choose from where nobody names any: the usual ones, but for those that hardly a history of a training target fills. */
export function candidatesFor(
  dataset: SequenceDataset,
  sizes: Pick<NetworkConfig, "length" | "longLayers" | "targetsPerHistory">,
): number[] {
  const usual = defaultCandidates(sizes);
  // Where targets share histories, these are long: lengths have to reach back to what is shared.
  if (usual.length < 2 || targetsPerHistory(sizes) > 1) return usual;
  const counts = historyLengths(dataset, usual.at(-1)!), all = historiesUpTo(counts);
  if (all === 0) return usual;
  const isFilled = (k: number) => historiesUpTo(counts, k - 1) <= MOST_SHORTER * all;
  const filled = usual.filter(isFilled);
  if (filled.length > 1) return filled;
  return OF_SHORT_HISTORIES.filter((k, i) => k <= sizes.length && (i < 2 || isFilled(k)));
}
