/**
 * The last phase of the job: a run's model and the baselines, ranked on validation and test.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import { loadModel } from "../methods/store.ts";
import type { Engine } from "../backend/types.ts";
import { itemKnn } from "../baselines/item_knn.ts";
import { markov } from "../baselines/markov.ts";
import { popularity } from "../baselines/popularity.ts";
import { evaluate } from "../evaluate/evaluate.ts";
import type { Evaluation } from "../evaluate/evaluation.ts";
import { compareAll } from "../evaluate/significance.ts";
import { mainMetrics } from "../views/results.ts";
import type { Recommender } from "../recommender.ts";
import type { RunFolder } from "../runs/folder.ts";
import type { Metrics, RunMetrics } from "../records/records.ts";

/** What evaluating a run needs. */
interface EvaluationOptions extends StageContext {
  ks: readonly number[];
  seed: number;
  /** Runs of other methods on the same dataset, to stand beside this one. */
  others?: readonly RunFolder[];
}

/**
 * Writes `metrics.json`, and the model's ranks of the test positives as `per_user.parquet`.
 *
 * @throws {InputError} if a run has no model, or it was trained on another dataset.
 */
export async function evaluateRun(
  engine: Engine,
  folder: RunFolder,
  dataset: SequenceDataset,
  options: EvaluationOptions,
): Promise<void> {
  const { hash, name } = dataset.manifest, { others = [], seed } = options;
  const loaded = async (run: RunFolder) => {
    const { model, dispose } = await loadModel(engine, run, dataset);
    try {
      return await evaluateBoth(model, dataset, options);
    } finally {
      dispose();
    }
  };
  const own = await loaded(folder);
  await folder.removeReport(); // else a report of former figures could lie beside new ones
  await own.test.writePerUser(folder.perUserPath);
  const beside: Both[] = [];
  for (const run of others) beside.push(await loaded(run));
  for (const method of [popularity, itemKnn, markov]) {
    beside.push(await evaluateBoth(await method.fit(dataset, options), dataset, options));
  }
  const byMethod = (kind: "metrics" | "standardErrors") =>
    Object.fromEntries(beside.map((both) => [both.test.method, figures(both, kind)]));
  await folder.writeMetrics({
    dataset: { hash, name },
    seed,
    method: own.test.method,
    model: figures(own, "metrics"),
    baselines: byMethod("metrics"),
    standardErrors: { model: figures(own, "standardErrors"), baselines: byMethod("standardErrors") },
    tests: testsOf(own.test, beside.map(({ test }) => test)),
  });
}

/** By protocol, the test of the method against the others; none where there are too few users. */
function testsOf(own: Evaluation, others: readonly Evaluation[]): RunMetrics["tests"] {
  if (own.users < 2) return undefined;
  return Object.fromEntries(own.protocols.map((protocol) => {
    const metric = mainMetrics(own.metrics[protocol]).find((name) => name.startsWith("NDCG"))!;
    const { comparisons } = compareAll(own, others, metric, { protocol });
    return [protocol, {
      metric,
      p: Object.fromEntries(comparisons.map(({ b, adjustedP }) => [b, adjustedP])),
    }];
  }));
}

type Both = Record<"validation" | "test", Evaluation>;

async function evaluateBoth(
  recommender: Recommender,
  dataset: SequenceDataset,
  options: { ks: readonly number[]; seed: number } & StageContext,
): Promise<Both> {
  return {
    validation: await evaluate(recommender, dataset, { ...options, split: "validation" }),
    test: await evaluate(recommender, dataset, { ...options, split: "test" }),
  };
}

const figures = (
  { validation, test }: Both,
  kind: "metrics" | "standardErrors",
): Metrics => ({ validation: validation[kind], test: test[kind] });
