/**
 * The last phase of the job: a run's model and the baselines, ranked on validation and test.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import { loadModel } from "../methods/store.ts";
import type { Engine } from "../backend/types.ts";
import { markov } from "../baselines/markov.ts";
import { popularity } from "../baselines/popularity.ts";
import { evaluate } from "../evaluate/evaluate.ts";
import type { Evaluation } from "../evaluate/evaluation.ts";
import type { Recommender } from "../recommender.ts";
import type { RunFolder } from "../run/folder.ts";
import type { Metrics } from "../run/records.ts";

/**
 * Writes `metrics.json`, and the model's ranks of the test positives as `per_user.parquet`.
 *
 * @throws {InputError} where the run has no model, or it was trained on another dataset.
 */
export async function evaluateRun(
  engine: Engine,
  folder: RunFolder,
  dataset: SequenceDataset,
  options: { ks: readonly number[]; seed: number } & StageContext,
): Promise<void> {
  const { hash, name } = dataset.manifest;
  const baselines: Record<string, Metrics> = {}, baselineErrors: Record<string, Metrics> = {};
  const { model, dispose } = await loadModel(engine, folder, dataset);
  let own: Record<"validation" | "test", Evaluation>;
  try {
    own = await evaluateBoth(model, dataset, options);
  } finally {
    dispose();
  }
  await folder.removeReport(); // else a report of former figures could lie beside new ones
  await own.test.writePerUser(folder.perUserPath);
  for (const method of [popularity, markov]) {
    const evaluations = await evaluateBoth(await method.fit(dataset, options), dataset, options);
    baselines[method.name] = figures(evaluations, "metrics");
    baselineErrors[method.name] = figures(evaluations, "standardErrors");
  }
  await folder.writeMetrics({
    dataset: { hash, name },
    seed: options.seed,
    model: figures(own, "metrics"),
    baselines,
    standardErrors: { model: figures(own, "standardErrors"), baselines: baselineErrors },
  });
}

async function evaluateBoth(
  recommender: Recommender,
  dataset: SequenceDataset,
  options: { ks: readonly number[]; seed: number } & StageContext,
): Promise<Record<"validation" | "test", Evaluation>> {
  return {
    validation: await evaluate(recommender, dataset, { ...options, split: "validation" }),
    test: await evaluate(recommender, dataset, { ...options, split: "test" }),
  };
}

const figures = (
  { validation, test }: Record<"validation" | "test", Evaluation>,
  kind: "metrics" | "standardErrors",
): Metrics => ({ validation: validation[kind], test: test[kind] });
