/**
 * Choices of a network that go by the data where nobody names them, for every method the same.
 *
 * @module
 */
import type { SequenceDataset } from "../pipeline/contract/dataset.ts";
import { USUAL_DROPOUT } from "./layers/dropout.ts";
import { trainingCounts } from "./popularity.ts";
import { seenBiasOf } from "./seen_bias.ts";

/** Interactions of an item in the training part, in the mean, from which on the usual dropout will do; and the dropout below. */
const ENOUGH = 30, OF_RARE_ITEMS = 0.4;

/**
 * The dropout that suits the data. Items with few interactions are learnt by heart within some epochs: on Amazon Beauty, with 13 interactions an item,
 * NDCG@10 is higher with .4 than with .2 (`bench/README.md`, "Amazon Beauty"); what suits MovieLens-100K and 1M, with 58 and 267, is .2 and less.
 */
export function defaultDropout(dataset: SequenceDataset): number {
  const interactions = trainingCounts(dataset).reduce((sum, count) => sum + count, 0);
  return interactions < ENOUGH * dataset.items ? OF_RARE_ITEMS : USUAL_DROPOUT;
}

/** Steps that an epoch has at least, if each takes more examples than {@link LEAST_EXAMPLES}. */
export const LEAST_STEPS = 32;
const LEAST_EXAMPLES = 16;

/** Training targets of a dataset, about: of each user all but the first. */
export const aboutTargets = ({ users, manifest: { counts } }: SequenceDataset): number =>
  counts.train - users;

/**
 * The examples in a training step that suit the data: as many as usual, on small data half of these, a quarter, … Where an epoch has but a few steps a training
 * hardly comes anywhere in the epochs that it has (`bench/README.md`, "Steps in an epoch").
 *
 * @param examples In an epoch, about.
 * @param usual What a step has where there are many.
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
