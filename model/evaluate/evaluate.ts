/**
 * Evaluates a trained method on the frozen validation or test part of a dataset.
 *
 * @module
 */
import type { Negatives, SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { contextOf } from "../../pipeline/contract/context.ts";
import { checkInterrupt, didYouMean, InputError } from "../../pipeline/contract/errors.ts";
import { type Split, SPLITS, type StageContext } from "../../pipeline/contract/stage.ts";
import { popularityPercentiles, trainingCounts } from "../popularity.ts";
import type { Recommender } from "../recommender.ts";
import { Evaluation } from "./evaluation.ts";
import { ExposureCollector } from "./exposure.ts";
import { ItemSet } from "./item_set.ts";
import { DEFAULT_KS } from "./metrics.ts";
import { type Positives, positivesOf } from "./positives.ts";
import { ranksAmongAll, ranksAmongNegatives } from "./ranks.ts";
import { checkItems, defaultBatchSize, scoreChecked, sliceHistories } from "./scores.ts";
import { TopK } from "./topk.ts";

/** Options of {@link evaluate}. */
export interface EvaluateOptions extends StageContext {
  /** Default: `test`. */
  split?: Exclude<Split, "train">;
  /** Those that the dataset has negatives for, and `full`: all items. Default: all of them. */
  protocols?: readonly string[];
  /** Cut-offs of the metrics. Default: 5, 10, 20. */
  ks?: readonly number[];
  /** Histories that are scored at once. Default: up to 1024, fewer where there are many items. */
  batchSize?: number;
  /**
   * Protocol `full` leaves the items of the history out of the ranking, but for the target: they are not recommended
   * either. `true` ranks them too, as RecBole does for sequential methods. Default: false.
   */
  keepSeen?: boolean;
  /** The seed that the method was trained with, to be reported with the figures. */
  seed?: number;
}

/**
 * Ranks every positive of a part of the split by the method's scores: among its frozen negatives, which are the same
 * for every method, and among all items. The history is everything before the target, so that the history of a test
 * positive contains the validation item; how much of it counts is the method's own affair.
 *
 * @throws {InputError} for a protocol that the dataset lacks, a part without positives, a method of another dataset.
 * @throws {RunError} if a score is NaN.
 * @throws {Interrupted} if `signal` is aborted.
 * @example
 * ```ts
 * import { evaluate, markov, prepare } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const evaluation = await evaluate(await markov.fit(dataset, {}), dataset, { protocols: ["recbole", "full"], ks: [10] });
 * console.log(evaluation.metrics.recbole["NDCG@10"]);
 * await evaluation.writePerUser(`${out}.parquet`);
 * ```
 */
export async function evaluate(
  recommender: Recommender,
  dataset: SequenceDataset,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const started = performance.now();
  const { keepSeen = false, seed } = options;
  const { progress, signal } = contextOf(options);
  const { split, protocols, ks } = checkOptions(dataset, options);
  checkItems(recommender, dataset);
  const positives = positivesOf(dataset, split), n = positives.rows.length;
  const sampled = protocols.filter((protocol) => protocol !== FULL);
  const frozen = sampled.map((protocol) => frozenNegatives(dataset, protocol, split, positives));
  const full = protocols.includes(FULL);
  const ranks = new Map(protocols.map((protocol) => [protocol, new Uint32Array(n)]));
  const exposure = full ? collectorFor(dataset, ks, n) : undefined;
  const topK = new TopK(Math.min(ks.at(-1)!, dataset.items));
  const itemSet = new ItemSet(dataset.items);
  const width = full ? dataset.items + 1 : 1 + frozen.reduce((sum, { count }) => sum + count, 0);
  const size = options.batchSize ?? defaultBatchSize(width, recommender.length);

  const unit = n === positives.groups.length - 1 ? "users" : "positives";
  const task = progress.start(`evaluating ${recommender.name} on ${split}`, n, unit);
  try {
    for (let start = 0; start < n; start += size) {
      checkInterrupt(signal, `evaluating ${recommender.name}`);
      const end = Math.min(start + size, n);
      const histories = sliceHistories(positives.histories, start, end);
      const targets = positives.targets.subarray(start, end);
      if (frozen.length > 0) {
        const block = candidateBlock(targets, frozen, start);
        const scores = await scoreChecked(recommender, histories, block.candidates);
        for (const [i, protocol] of sampled.entries()) {
          const columns = { width: block.width, from: block.from[i], to: block.from[i + 1] };
          ranks.get(protocol)!.set(ranksAmongNegatives(scores, block.candidates, columns, itemSet), start);
        }
      }
      if (exposure) {
        const scores = await scoreChecked(recommender, histories);
        ranks.get(FULL)!.set(
          ranksAmongAll(scores, targets, itemSet, keepSeen ? undefined : histories),
          start,
        );
        for (let i = 0; i < targets.length; i++) {
          itemSet.clear();
          if (!keepSeen) {
            for (let j = histories.starts[i]; j < histories.ends[i]; j++) itemSet.add(histories.items[j]);
          }
          const row = scores.subarray(i * (dataset.items + 1), (i + 1) * (dataset.items + 1));
          exposure.add(start + i, topK.items, topK.select(row, itemSet));
        }
      }
      task.advance(end - start);
      await new Promise((resolve) => setTimeout(resolve, 0)); // a notebook's stop button must get through
    }
  } finally {
    task.end();
  }
  return new Evaluation({
    method: recommender.name,
    parameters: recommender.parameters,
    dataset,
    split,
    seed,
    ks,
    keepSeen,
    positives,
    ranks,
    exposure: exposure?.result(positives.targets, positives.groups),
    seconds: (performance.now() - started) / 1000,
  });
}

/** The protocol that needs no negatives. */
const FULL = "full";

/** Parses what a caller can get wrong, once. */
function checkOptions(dataset: SequenceDataset, options: EvaluateOptions) {
  const { split = "test", ks = DEFAULT_KS, batchSize } = options;
  if (!SPLITS.includes(split) || split as Split === "train") {
    throw new InputError(`Cannot evaluate on the part "${split}": choose validation or test`);
  }
  const known = [...dataset.manifest.negatives.protocols, FULL];
  const protocols = [...new Set(options.protocols ?? known)];
  for (const protocol of protocols) {
    if (!known.includes(protocol)) {
      throw new InputError(
        `Cannot evaluate by protocol "${protocol}": the dataset ${dataset.folder} has ${known.join(", ")}${
          didYouMean(protocol, known)
        }; others need a dataset prepared with --protocols`,
      );
    }
  }
  if (protocols.length === 0) throw new InputError("Cannot evaluate: no protocol is given");
  for (
    const [name, values] of [["k", ks], ["batchSize", batchSize === undefined ? [] : [batchSize]]] as const
  ) {
    const wrong = values.find((value) => !Number.isInteger(value) || value < 1);
    if (wrong !== undefined) {
      throw new InputError(`Cannot evaluate with ${name} ${wrong}: give a whole number from 1`);
    }
  }
  if (ks.length === 0) throw new InputError("Cannot evaluate: no cut-off k is given");
  return { split, protocols, ks: [...new Set(ks)].sort((a, b) => a - b) };
}

/** The negatives of a protocol, known to be those of the positives, one for one. */
function frozenNegatives(
  dataset: SequenceDataset,
  protocol: string,
  split: Exclude<Split, "train">,
  { rows }: Positives,
): Negatives {
  const negatives = dataset.negatives(protocol, split);
  const same = negatives.rows.length === rows.length && rows.every((row, i) => row === negatives.rows[i]);
  if (!same) {
    throw new InputError(
      `Cannot evaluate by protocol "${protocol}": the dataset ${dataset.folder} has ${protocol} negatives for ` +
        `${negatives.rows.length} ${split} positives out of ${rows.length}; prepare it again`,
    );
  }
  return negatives;
}

/**
 * One block of candidates for all protocols, so that each history goes through the method once: column 0 is the
 * target, protocol i has the columns `from[i]` … `from[i + 1] − 1`.
 */
function candidateBlock(targets: Uint32Array, negatives: Negatives[], start: number) {
  const from = [1];
  for (const { count } of negatives) from.push(from.at(-1)! + count);
  const width = from.at(-1)!;
  const candidates = new Uint32Array(targets.length * width); // [n × width]
  for (let i = 0; i < targets.length; i++) {
    candidates[i * width] = targets[i];
    for (const [p, { count, items }] of negatives.entries()) {
      candidates.set(items.subarray((start + i) * count, (start + i + 1) * count), i * width + from[p]);
    }
  }
  return { candidates, width, from };
}

function collectorFor(dataset: SequenceDataset, ks: readonly number[], histories: number): ExposureCollector {
  const counts = trainingCounts(dataset);
  return new ExposureCollector(ks, counts, popularityPercentiles(counts), histories);
}
