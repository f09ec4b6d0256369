/**
 * What of the records of search and training TensorBoard shows, under which tags.
 *
 * @module
 */
import type { MetricName } from "../records/evaluation.ts";
import { candidateNames, type Candidates } from "../records/candidates.ts";
import type { SearchRecord, TrainRecord } from "../records/records.ts";
import { type Histogram, histogram, scalar, type SummaryValue } from "./event.ts";

/**
 * Losses and α of a search, softmax(α) also as a distribution over the lengths.
 *
 * @param searched In the order of α.
 */
export function searchValues(record: SearchRecord, searched: Candidates): SummaryValue[] {
  const { trainLoss, validationLoss, entropy, probabilities } = record;
  const names = candidateNames(searched);
  const shares = names.map((name, i) => [`probability/k=${name}`, probabilities[i]] as const);
  return [
    ...scalars({ trainLoss, validationLoss, entropy, ...Object.fromEntries(shares) }),
    histogram("shortTermLength", lengthHistogram(searched.candidates, probabilities)),
  ];
}

/**
 * Loss and validation metrics of a training, of one record.
 *
 * @param history All records up to this one.
 * @param metric The one that decides: of it also the best value so far, which at the end is that of the model.
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

/** What there is no number of, as the loss before α learns, is left out. */
const scalars = (byTag: Record<string, number | undefined>): SummaryValue[] =>
  Object.entries(byTag).flatMap(([tag, value]) => Number.isFinite(value) ? [scalar(tag, value!)] : []);

/**
 * Probabilities of lengths: each length has a bucket of its own, from half below it to half above it. A length that several candidates have has the
 * sum of theirs.
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
