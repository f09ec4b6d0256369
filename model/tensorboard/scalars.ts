/**
 * What TensorBoard shows of the records of search and training, and under which tags.
 *
 * @module
 */
import type { MetricName } from "../records/evaluation.ts";
import { candidateNames, type Candidates } from "../records/candidates.ts";
import type { SearchRecord, TrainRecord } from "../records/records.ts";
import { type Histogram, histogram, scalar, type SummaryValue } from "./event.ts";

/**
 * Losses and softmax(α) of a search, the latter also as a distribution over the lengths.
 *
 * @param searched The candidates, in the order of α.
 */
export function searchValues(record: SearchRecord, searched: Candidates): SummaryValue[] {
  const { trainLoss, validationLoss, entropy, probabilities } = record;
  const names = candidateNames(searched);
  const shares = names.map((name, i) => [`probability/k=${name}`, probabilities[i]] as const);
  return [
    ...scalars({ trainLoss, validationLoss, entropy, ...Object.fromEntries(shares) }),
    histogram("shortTermLength", lengthHistogram(searched.lengths, probabilities)),
  ];
}

/**
 * Loss and validation metrics of one record of a training.
 *
 * @param history All records up to this one.
 * @param metric The metric that decides: its best value so far is added, which at the end is that of the model.
 */
export function trainingValues(history: readonly TrainRecord[], metric: MetricName): SummaryValue[] {
  const { loss, examplesPerSecond, rate, metrics } = history.at(-1)!;
  const validation = Object.entries(metrics).map(([name, value]) => [`validation/${name}`, value] as const);
  return scalars({
    loss,
    examplesPerSecond,
    rate,
    ...Object.fromEntries(validation),
    [`best/${metric}`]: history.findLast(({ best }) => best)?.metrics[metric],
  });
}

/** Scalars by tag. Values that are not numbers are left out, such as the loss before α learns. */
const scalars = (byTag: Record<string, number | undefined>): SummaryValue[] =>
  Object.entries(byTag).flatMap(([tag, value]) => Number.isFinite(value) ? [scalar(tag, value!)] : []);

/**
 * Probabilities of lengths: each length has its own bucket, from half below it to half above it. If several candidates have the same
 * length, their probabilities are added.
 */
export function lengthHistogram(lengths: readonly number[], probabilities: readonly number[]): Histogram {
  const sums = new Map<number, number>();
  lengths.forEach((k, i) => sums.set(k, (sums.get(k) ?? 0) + probabilities[i]));
  const byLength = [...sums].sort(([a], [b]) => a - b);
  const edges = [byLength[0][0] - 0.5], counts: number[] = [];
  for (const [k, probability] of byLength) {
    if (k - 0.5 > edges.at(-1)!) {
      edges.push(k - 0.5);
      counts.push(0);
    }
    edges.push(k + 0.5);
    counts.push(probability);
  }
  return { edges, counts };
}
