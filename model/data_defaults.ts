/**
 * Choices of a network that go by the data where nobody names them, for every method the same.
 *
 * @module
 */
import type { SequenceDataset } from "../pipeline/contract/dataset.ts";
import { historiesUpTo, historyLengths, USUAL_LENGTH } from "./history_lengths.ts";
import { USUAL_DROPOUT } from "./layers/dropout.ts";
import { type Fusion, USUAL_FUSION } from "./layers/fusion.ts";
import { trainingCounts } from "./popularity.ts";
import { seenBiasOf } from "./seen_bias.ts";

/** Mean number of training interactions per item from which the usual choices are right, and the dropout for data with fewer. */
const ENOUGH = 30, OF_RARE_ITEMS = 0.4;

/**
 * The dropout that suits the data: a network overfits items that have few interactions within a few epochs. On Amazon Beauty (13 interactions per
 * item) NDCG@10 is higher with .4 than with .2 (`bench/README.md`, "Amazon Beauty"); MovieLens-100K and 1M (58 and 267 per item) need .2 or less.
 */
export const defaultDropout = (dataset: SequenceDataset): number =>
  areItemsRare(dataset) ? OF_RARE_ITEMS : USUAL_DROPOUT;

/**
 * How the vectors of an item and of its features become one, as suits the data: an item with few interactions leans on what it shares with
 * others, which a sum gives it at once, and a layer has to learn to. On Amazon Beauty (13 interactions per item) NDCG@10 is higher with the sum,
 * on MovieLens-100K (58) with the layer; on MovieLens-1M (267) both are level (`bench/README.md`, "Attributes of items: a sum or a layer").
 */
export const defaultFusion = (dataset: SequenceDataset): Fusion =>
  areItemsRare(dataset) ? "sum" : USUAL_FUSION;

function areItemsRare(dataset: SequenceDataset): boolean {
  const interactions = trainingCounts(dataset).reduce((sum, count) => sum + count, 0);
  return interactions < ENOUGH * dataset.items;
}

/** Where this share of the histories has no more than so many items, more places are nearly all padding. */
const NEARLY_ALL = 0.95, OF_SHORT_HISTORIES = [10, 20];

/** What is known of a network that reaches back into histories; it may not have been checked yet. */
interface Reaches {
  /** Length of a short-term part. */
  short?: unknown;
  /** Lengths of short-term modules. */
  candidates?: unknown;
  /** Targets that share a history, which is a long one then. */
  targetsPerHistory?: unknown;
}

/**
 * The maximum length of a history that suits the data: where histories are short, as sessions are, a training takes half of the time or less, and
 * hardly anything is left out (`bench/README.md`, "Short histories").
 *
 * @param network What is known of it: none of its parts reaches further.
 */
export function defaultLength(
  dataset: SequenceDataset,
  { short, candidates, targetsPerHistory = 1 }: Reaches,
): number {
  const lengths = targetsPerHistory === 1
    ? OF_SHORT_HISTORIES.filter((length) => [short, candidates].flat().every((k) => !(Number(k) > length)))
    : [];
  if (lengths.length === 0) return USUAL_LENGTH;
  const counts = historyLengths(dataset, lengths.at(-1)! + 1), all = historiesUpTo(counts);
  if (all === 0) return USUAL_LENGTH;
  return lengths.find((length) => historiesUpTo(counts, length) >= NEARLY_ALL * all) ?? USUAL_LENGTH;
}

/** Fewest steps of an epoch: where it would have fewer, steps take fewer examples, but at least {@link LEAST_EXAMPLES}. */
export const LEAST_STEPS = 32;
const LEAST_EXAMPLES = 16;

/** Number of training targets, approximately: each user's training interactions but the first. */
export const aboutTargets = ({ users, manifest: { counts } }: SequenceDataset): number =>
  counts.train - users;

/**
 * The batch size that suits the data: the usual one, halved until an epoch has {@link LEAST_STEPS} steps. With only a few steps per epoch a training
 * gets nowhere within its epochs (`bench/README.md`, "Steps in an epoch").
 *
 * @param examples Number of examples in an epoch, approximately.
 * @param usual Batch size for large data.
 */
export function defaultBatchSize(examples: number, usual: number): number {
  const most = 2 ** Math.floor(Math.log2(Math.max(1, examples / LEAST_STEPS)));
  return Math.min(usual, Math.max(LEAST_EXAMPLES, most));
}

/** What is known of a network, with what goes by the data where it names none. */
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
