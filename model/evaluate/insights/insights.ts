/**
 * Insights into a method's lists on the test part: for a few people, overall, and how confident the method is.
 *
 * @module
 */
import { contextOf } from "../../../pipeline/contract/context.ts";
import type { SequenceDataset } from "../../../pipeline/contract/dataset.ts";
import { checkInterrupt } from "../../../pipeline/contract/errors.ts";
import type { HeldOut, StageContext } from "../../../pipeline/contract/stage.ts";
import { popularityPercentiles, trainingCounts } from "../../popularity.ts";
import type { Recommender } from "../../recommender.ts";
import type { Insights, Lists, Person, SureGroup } from "../../records/insights.ts";
import { titlesOf } from "../../titles.ts";
import type { Evaluation } from "../evaluation.ts";
import { ItemSet } from "../item_set.ts";
import { clusteredEstimate } from "../clustered.ts";
import { estimate, metricValues } from "../metrics.ts";
import { parseMetric } from "../../records/evaluation.ts";
import { type Positive, positiveAt, positiveBlocks, type Positives, positivesOf } from "../positives.ts";
import { adjusterFor, historiesAtOnce, scoreChecked } from "../scores.ts";
import { TopK } from "../topk.ts";
import { groupingsOf } from "./groupings.ts";
import { personOf, somePositives } from "./people.ts";
import { yieldToEventLoop } from "../../../pipeline/contract/machine/event_loop.ts";

/**
 * Tells for each positive whether its target is in its history.
 *
 * @param count Number of positives in the part of the split.
 * @returns [positives], 1 if it is.
 */
export async function repeatsAmong(
  dataset: SequenceDataset,
  split: HeldOut,
  count: number,
): Promise<Uint8Array> {
  const found = new Uint8Array(count);
  // For each item, the user last seen with it. A user's positives are adjacent and in order of time, so each history
  // is read once.
  const holder = new Uint32Array(dataset.items + 1);
  for (
    const { start, targets, histories: { items, starts, ends, users } } of positiveBlocks(dataset, split)
  ) {
    for (let i = 0, place = 0; i < targets.length; i++) {
      place = Math.max(place, starts[i]);
      for (; place < ends[i]; place++) holder[items[place]] = users[i];
      if (holder[targets[i]] === users[i]) found[start + i] = 1;
    }
    await yieldToEventLoop();
  }
  return found;
}

/** Number of people, of items recommended to each, and of groups by confidence. */
const PEOPLE = 10, BEST = 10, SURE = 5;
/** Default number of positives whose lists are examined. */
const SAMPLE = 20_000;

/**
 * Returns what an evaluation on the test part by protocol `full` shows besides its means.
 *
 * @param evaluation The evaluation of this recommender on the dataset's test part, with `full` among its protocols.
 * @param most Maximum number of positives whose lists are examined; if there are more, this many, evenly spaced.
 * @throws {RunError} if a score is NaN.
 * @throws {Interrupted} if the signal of the context is aborted.
 */
export async function insightsOf(
  recommender: Recommender,
  dataset: SequenceDataset,
  evaluation: Evaluation,
  context: StageContext = {},
  most = SAMPLE,
): Promise<Insights> {
  const positives = await positivesOf(dataset, "test"), ranks = evaluation.ranks("full");
  const k = evaluation.ks.includes(10) ? 10 : evaluation.ks.at(-1)!;
  const metric = parseMetric(`HR@${k}`), tau = evaluation.logitAdjustment.full;
  const shown = somePositives(positives, PEOPLE), title = titlesOf(dataset);
  const looked = lookAt(positives, most), length = Math.min(k, dataset.items);
  const lists = new Uint32Array(looked.length * length), lengths = new Uint32Array(looked.length);
  const sure = new Float64Array(looked.length), came: number[] = [], adjust = adjusterFor(dataset, tau);
  const best = new TopK(Math.min(Math.max(k, BEST), dataset.items)), seen = new ItemSet(dataset.items);
  const people = new Map<number, Omit<Person, "rank">>(), isShown = new Set(shown);
  const places = [...new Set([...looked, ...shown])];
  let seconds = 0;
  await forBatches(recommender, dataset, places, context, {
    scored: (took) => seconds += took,
    row(positive, row, place) {
      const { at, target, history } = positive;
      seen.clear();
      if (!evaluation.keepSeen) {
        for (const item of history) {
          seen.add(item);
          if (item !== target) row[item] = -Infinity;
        }
      }
      if (place < looked.length) {
        // From the unadjusted scores: without popularity they are not probabilities.
        const likeliest = likeliestOf(row);
        sure[place] = likeliest.share;
        came[place] = likeliest.item === target ? 1 : 0;
      }
      adjust(row);
      const found = best.select(row, seen);
      if (place < looked.length) {
        lengths[place] = Math.min(found, length);
        lists.set(best.items.subarray(0, lengths[place]), place * length);
      }
      if (!isShown.has(at)) return;
      const recommended = Array.from(best.items.subarray(0, Math.min(BEST, found)), title);
      people.set(at, { ...personOf(dataset, positive, title), recommended });
    },
  });
  return {
    metric: metric.name,
    groupings: groupingsOf(
      dataset,
      positives,
      await repeatsAmong(dataset, "test", ranks.length),
      metricValues(metric, ranks),
    ),
    sureness: surenessOf(sure, came, looked.map((at) => positives.users[at])),
    people: shown.map((at) => ({ ...people.get(at)!, rank: ranks[at] })),
    lists: listsOf(dataset, { k, lists, lengths, length }, positives.targets),
    ...(looked.length < ranks.length && { sample: { size: looked.length, of: ranks.length } }),
    millisecondsPerHistory: 1000 * seconds / places.length,
  };
}

/** Evenly spaced positives, at most `most`. */
function lookAt({ targets: { length } }: Positives, most: number): number[] {
  const count = Math.min(length, most);
  return Array.from({ length: count }, (_, i) => Math.floor(i * length / count));
}

/** Handles the scores of one positive, [items + 1]. */
interface Rows {
  scored(seconds: number): void;
  /** @param place Index of the positive in the list of those that are examined. */
  row(positive: Positive, scores: Float32Array, place: number): void;
}

async function forBatches(
  recommender: Recommender,
  dataset: SequenceDataset,
  places: readonly number[],
  context: StageContext,
  { scored, row }: Rows,
): Promise<void> {
  const { progress, signal } = contextOf(context), width = dataset.items + 1;
  const size = historiesAtOnce(width, recommender.length);
  const label = `looking at the lists of ${recommender.name}`;
  const task = progress.start(label, places.length, "positives");
  try {
    for (const block of positiveBlocks(dataset, "test")) {
      const { start: first, histories: { items, starts, ends, users } } = block;
      const own = places.flatMap((at, place) =>
        at >= first && at < first + starts.length ? [{ i: at - first, place }] : []
      );
      const pick = (of: Uint32Array, batch: typeof own) => Uint32Array.from(batch, ({ i }) => of[i]);
      for (let start = 0; start < own.length; start += size) {
        checkInterrupt(signal, label);
        const batch = own.slice(start, start + size), began = performance.now();
        const histories = {
          items,
          starts: pick(starts, batch),
          ends: pick(ends, batch),
          users: pick(users, batch),
        };
        const scores = await scoreChecked(recommender, histories);
        scored((performance.now() - began) / 1000);
        for (const [n, { i, place }] of batch.entries()) {
          row(positiveAt(block, i), scores.subarray(n * width, (n + 1) * width), place);
        }
        task.advance(batch.length);
        await yieldToEventLoop();
      }
    }
  } finally {
    task.end();
  }
}

/**
 * The item with the highest score, and its softmax among the items that have a score.
 *
 * @param scores Scores, [items + 1]; −∞ for the padding and for items that are left out.
 */
function likeliestOf(scores: Float32Array): { item: number; share: number } {
  let item = 0, highest = -Infinity, sum = 0;
  for (let i = 1; i < scores.length; i++) if (scores[i] > highest) highest = scores[item = i];
  for (let i = 1; i < scores.length; i++) sum += Math.exp(scores[i] - highest);
  return { item, share: sum > 0 ? 1 / sum : 0 };
}

/** Groups of the same size, from the least to the most confident. */
function surenessOf(said: Float64Array, came: readonly number[], users: readonly number[]): SureGroup[] {
  const order = Array.from(said.keys()).sort((a, b) => said[a] - said[b]), n = order.length;
  return Array.from({ length: Math.min(SURE, n) }, (_, i, parts = Math.min(SURE, n)) => {
    const members = order.slice(Math.floor(i * n / parts), Math.floor((i + 1) * n / parts))
      .sort((a, b) => a - b); // those of a user become adjacent
    const of = (values: ArrayLike<number>) => members.map((at) => values[at]);
    return {
      said: estimate(Float64Array.from(of(said))).mean,
      size: members.length,
      ...clusteredEstimate(of(came), of(users)),
    };
  });
}

function listsOf(
  dataset: SequenceDataset,
  { k, lists, lengths, length }: { k: number; lists: Uint32Array; lengths: Uint32Array; length: number },
  targets: Uint32Array,
): Lists {
  const counts = trainingCounts(dataset), percentiles = popularityPercentiles(counts);
  const all = counts.reduce((sum, count) => sum + count, 0) + dataset.items;
  const shown = new Uint32Array(dataset.items + 1);
  let percentile = 0, bits = 0, places = 0;
  lengths.forEach((own, i) => {
    for (const item of lists.subarray(i * length, i * length + own)) {
      shown[item]++;
      percentile += percentiles[item];
      bits -= Math.log2((counts[item] + 1) / all);
      places++;
    }
  });
  const mean = (sum: number) => places > 0 ? sum / places : 0;
  return {
    k,
    coverage: shown.reduce((n, times) => n + (times > 0 ? 1 : 0), 0) / dataset.items,
    popularityPercentile: mean(percentile),
    targetsPercentile: targets.reduce((sum, item) => sum + percentiles[item], 0) / targets.length,
    novelty: mean(bits),
    gini: giniOf(shown.subarray(1)),
  };
}

/** Gini's coefficient: Σ (2i − n − 1) x_i / (n Σ x), with x ascending and i from 1. */
export function giniOf(counts: Uint32Array): number {
  const sorted = counts.toSorted(), n = sorted.length, sum = sorted.reduce((a, b) => a + b, 0);
  return sum === 0 ? 0 : sorted.reduce((total, x, i) => total + (2 * (i + 1) - n - 1) * x, 0) / (n * sum);
}
