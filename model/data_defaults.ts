/**
 * Choices of a network that go by the data where nobody names them, for every method the same.
 *
 * @module
 */
import type { SequenceDataset } from "../pipeline/contract/dataset.ts";
import { USUAL_DROPOUT } from "./layers/dropout.ts";
import { trainingCounts } from "./popularity.ts";
import { seenBiasOf } from "./seen_bias.ts";

/** Mean number of training interactions per item from which the usual dropout is enough, and the dropout for data with fewer. */
const ENOUGH = 30, OF_RARE_ITEMS = 0.4;

/**
 * The dropout that suits the data: a network overfits items that have few interactions within a few epochs. On Amazon Beauty (13 interactions per
 * item) NDCG@10 is higher with .4 than with .2 (`bench/README.md`, "Amazon Beauty"); MovieLens-100K and 1M (58 and 267 per item) need .2 or less.
 */
export function defaultDropout(dataset: SequenceDataset): number {
  const interactions = trainingCounts(dataset).reduce((sum, count) => sum + count, 0);
  return interactions < ENOUGH * dataset.items ? OF_RARE_ITEMS : USUAL_DROPOUT;
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
export const withDataDefaults = <I extends { seenBias?: unknown; dropout?: unknown }>(
  dataset: SequenceDataset,
  input: I,
): I & { seenBias: unknown; dropout: unknown } => ({
  ...input,
  seenBias: input.seenBias ?? seenBiasOf(dataset),
  dropout: input.dropout ?? defaultDropout(dataset),
});
