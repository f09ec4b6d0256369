/**
 * Defaults of a network that depend on the data, the same for every method.
 *
 * @module
 */
import type { SequenceDataset } from "../pipeline/contract/dataset.ts";
import { historiesUpTo, historyLengths, USUAL_LENGTH } from "./history_lengths.ts";
import { USUAL_DROPOUT } from "./layers/dropout.ts";
import { type Fusion, USUAL_FUSION } from "./layers/item_vectors.ts";
import { trainingCounts } from "./popularity.ts";
import { seenBiasOf } from "./seen_bias.ts";

/** Mean number of training interactions per item from which the usual defaults are right, and the dropout for data with fewer. */
const ENOUGH = 30, OF_RARE_ITEMS = 0.4;

/**
 * Returns the dropout that suits the data: a network overfits items with few interactions within a few epochs. On Amazon Beauty (13
 * interactions per item) NDCG@10 is higher with .4 than with .2 (`docs/levers.md`); MovieLens-100K and 1M (58 and 267 per
 * item) need .2 or less.
 */
export const defaultDropout = (dataset: SequenceDataset): number =>
  areItemsRare(dataset) ? OF_RARE_ITEMS : USUAL_DROPOUT;

/**
 * Returns how to combine the vectors of an item and its features, as suits the data: an item with few interactions relies on what it shares
 * with others, which a sum provides at once, while a layer has to learn it. On Amazon Beauty (13 interactions per item) NDCG@10 is higher
 * with the sum, on MovieLens-100K (58) with the layer; on MovieLens-1M (267) both are equal (`docs/levers.md`).
 */
export const defaultFusion = (dataset: SequenceDataset): Fusion =>
  areItemsRare(dataset) ? "sum" : USUAL_FUSION;

function areItemsRare(dataset: SequenceDataset): boolean {
  const interactions = trainingCounts(dataset).reduce((sum, count) => sum + count, 0);
  return interactions < ENOUGH * dataset.items;
}

/** If this share of the histories has no more items than one of these lengths, longer inputs are nearly all padding. */
const NEARLY_ALL = 0.95, OF_SHORT_HISTORIES = [10, 20];

/** The options of a network that say how far it reaches back into histories, perhaps not checked yet. */
interface Reaches {
  /** Length of a short-term module. */
  short?: unknown;
  /** Lengths of short-term modules. */
  lengths?: unknown;
  /** Number of targets that share a history; with more than one, histories are long. */
  targetsPerHistory?: unknown;
}

/**
 * Returns the maximum length of a history that suits the data: if histories are short, as sessions are, a shorter maximum halves the
 * training time or better, and hardly anything is left out (`docs/levers.md`).
 *
 * @param network What is known of the network: the length is never shorter than its short-term modules.
 */
export function defaultLength(
  dataset: SequenceDataset,
  { short, lengths, targetsPerHistory = 1 }: Reaches,
): number {
  const known = targetsPerHistory === 1
    ? OF_SHORT_HISTORIES.filter((length) => [short, lengths].flat().every((k) => !(Number(k) > length)))
    : [];
  if (known.length === 0) return USUAL_LENGTH;
  const counts = historyLengths(dataset, known.at(-1)! + 1), all = historiesUpTo(counts);
  if (all === 0) return USUAL_LENGTH;
  return known.find((length) => historiesUpTo(counts, length) >= NEARLY_ALL * all) ?? USUAL_LENGTH;
}

/** Minimum number of steps in an epoch: if it would have fewer, steps take fewer examples, but at least {@link LEAST_EXAMPLES}. */
export const LEAST_STEPS = 32;
const LEAST_EXAMPLES = 16;

/** Approximate number of training targets: each user's training interactions except the first. */
export const aboutTargets = ({ users, manifest: { counts } }: SequenceDataset): number =>
  counts.train - users;

/**
 * Returns the batch size that suits the data: the usual one, halved until an epoch has {@link LEAST_STEPS} steps. With only a few steps per
 * epoch, training gets nowhere within its epochs (`docs/levers.md`).
 *
 * @param examples Approximate number of examples in an epoch.
 * @param usual Batch size for large data.
 */
export function defaultBatchSize(examples: number, usual: number): number {
  const most = 2 ** Math.floor(Math.log2(Math.max(1, examples / LEAST_STEPS)));
  return Math.min(usual, Math.max(LEAST_EXAMPLES, most));
}

/** Adds the defaults that depend on the data to the options of a network. */
export const withDataDefaults = <
  I extends Reaches & { seenBias?: unknown; dropout?: unknown; length?: unknown },
>(
  dataset: SequenceDataset,
  input: I,
): I & { seenBias: unknown; dropout: unknown; length: unknown } => ({
  ...input,
  seenBias: input.seenBias ?? seenBiasOf(dataset),
  dropout: input.dropout ?? defaultDropout(dataset),
  length: input.length ?? defaultLength(dataset, input),
});
