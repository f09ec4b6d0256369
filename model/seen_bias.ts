/**
 * How much less likely an item is to come next because the user has had it before.
 *
 * Items that a user has had resemble those that come next, but if nobody takes an item twice they never come next themselves. A softmax
 * over all items then makes contradictory demands: scores should reflect similarity, and should not. So items that a user has had get a
 * bias of their own, in training and in scoring: the log of how many times less likely repeats are than they would be by chance. If nothing
 * is repeated, this leaves seen items out of what is learnt, as they are left out of recommendations. If repeats are as frequent as by
 * chance, or more, there is no bias: the network has to learn what is likely to be repeated.
 *
 * Chang et al. ("To Copy, or not to Copy; That is a Critical Issue of the Output Softmax Layer in Neural Sequential Recommenders", WSDM
 * 2024) give the items of the history separate logits for the same reason; here it is one number, at no cost.
 *
 * @module
 */
import type { SequenceDataset } from "../pipeline/contract/dataset.ts";
import type { Sequences } from "../pipeline/contract/dataset/users_part.ts";
import { SPLITS } from "../pipeline/contract/stage.ts";
import { trainingCounts } from "./popularity.ts";
import type { Histories, Recommender } from "./recommender.ts";

const KNOWN = new WeakMap<SequenceDataset, { bias: number; share: number }>();

/** Sums over the training targets. */
interface Repeats {
  targets: number;
  /** Number of targets that the user had before. */
  found: number;
  /**
   * Expected number of these if targets were drawn by popularity: the sum over targets of the popularity shares of the items that the user
   * had before.
   */
  expected: number;
}

/**
 * Returns the log ratio of the odds of a repeat among the training targets to the odds if targets were drawn by popularity, but at most 0.
 * Half a target is added to each count, so that the result is never infinite. Computed once for each dataset.
 */
export const seenBiasOf = (dataset: SequenceDataset): number => repeatsOf(dataset).bias;

/** Returns the share of the training targets that their users had before. */
export const repeatShareOf = (dataset: SequenceDataset): number => repeatsOf(dataset).share;

const repeatsOf = (dataset: SequenceDataset): { bias: number; share: number } =>
  KNOWN.getOrInsertComputed(dataset, countRepeats);

function countRepeats(dataset: SequenceDataset): { bias: number; share: number } {
  const counts = trainingCounts(dataset), all = counts.reduce((sum, n) => sum + n, 0);
  const shares = Float64Array.from(counts, (n) => n / all), stamps = new Uint32Array(dataset.items + 1);
  const repeats: Repeats = { targets: 0, found: 0, expected: 0 };
  for (const [part, { firstUser }] of dataset.parts.entries()) {
    const sequences = dataset.parts.length === 1 ? dataset.sequences() : dataset.parts[part].sequences();
    count(sequences, firstUser, shares, stamps, repeats);
  }
  const logOdds = (n: number) => Math.log((n + 0.5) / (repeats.targets - n + 0.5));
  return {
    bias: Math.min(logOdds(repeats.found) - logOdds(repeats.expected), 0),
    share: repeats.found / Math.max(1, repeats.targets),
  };
}

/** Counts the training targets of one part's users. */
function count(
  { items, offsets, splits }: Sequences,
  firstUser: number,
  shares: Float64Array,
  stamps: Uint32Array,
  repeats: Repeats,
): void {
  const train = SPLITS.indexOf("train");
  for (let user = 1; user < offsets.length - 1; user++) {
    const stamp = firstUser + user - 1;
    let share = 0;
    for (let row = offsets[user]; row < offsets[user + 1] && splits[row] === train; row++) {
      const item = items[row], seen = stamps[item] === stamp;
      if (row > offsets[user]) {
        repeats.targets++;
        repeats.expected += share;
        if (seen) repeats.found++;
      }
      if (seen) continue;
      stamps[item] = stamp;
      share += shares[item];
    }
  }
}

/**
 * Adds the bias to the scores of the items in the histories, in place.
 *
 * @param scores As a recommender's `score` returns them.
 * @param candidates The items that were scored. Omitted: all items.
 * @param count Number of items.
 */
export function addSeenBias(
  scores: Float32Array,
  bias: number,
  { items, starts, ends }: Histories,
  candidates: Uint32Array | undefined,
  count: number,
): Float32Array {
  if (bias === 0) return scores;
  const n = starts.length, width = scores.length / n, stamps = new Uint32Array(count + 1);
  for (let i = 0; i < n; i++) {
    const first = i * width;
    for (let j = starts[i]; j < ends[i]; j++) {
      // Each item once, however often it occurs.
      if (!candidates && stamps[items[j]] !== i + 1) scores[first + items[j]] += bias;
      stamps[items[j]] = i + 1;
    }
    if (!candidates) continue;
    for (let c = first; c < first + width; c++) if (stamps[candidates[c]] === i + 1) scores[c] += bias;
  }
  return scores;
}

/**
 * Returns the method with a bias on the scores of items that are in the history, as all methods here have one: the log of how many times
 * less likely a repeat is than by chance, in the training part of the dataset. If users take no item twice, protocols whose negatives
 * contain items of the history (`recbole`) favor methods with it, so that a method without is not comparable.
 *
 * @param recommender A method that scores items of the history like others.
 * @throws {InputError} if it is no method, or there is no dataset.
 * @example
 * ```ts
 * import { evaluate, prepare, type Recommender, withSeenBias } from "automlp";
 *
 * const { dataset } = await prepare({ dataset: "demo", out: await Deno.makeTempDir() });
 * const newest: Recommender = {
 *   name: "Newest",
 *   items: dataset.items,
 *   parameters: 0,
 *   score: ({ starts }, candidates) => {
 *     const all = Uint32Array.from({ length: starts.length * (dataset.items + 1) }, (_, i) => i % (dataset.items + 1));
 *     return Promise.resolve(Float32Array.from(candidates ?? all, (item) => item === 0 ? -Infinity : item / dataset.items));
 *   },
 * };
 * console.log(await evaluate(withSeenBias(newest, dataset), dataset));
 * ```
 */
export function withSeenBias(recommender: Recommender, dataset: SequenceDataset): Recommender {
  const { name, items, parameters, length, keepSeen } = recommender, bias = seenBiasOf(dataset);
  return {
    name,
    items,
    parameters,
    length,
    keepSeen,
    async score(histories, candidates) {
      const given: Float32Array | undefined = await recommender.score(histories, candidates);
      // What is no scores is returned as it is: whoever asked for them says what is wrong. A method may keep its array, so it is copied.
      return given === undefined
        ? given!
        : addSeenBias(Float32Array.from(given), bias, histories, candidates, items);
    },
  };
}
