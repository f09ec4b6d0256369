/**
 * The evaluation phase: the run's model, other methods' runs in it, and the baselines, ranked on validation and test.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { contextOf } from "../../../pipeline/contract/context.ts";
import { InputError } from "../../../pipeline/contract/errors.ts";
import { formatSeconds } from "../../../pipeline/display/text/units.ts";
import { itemKnn, markov, personalPopularity, popularity } from "../../methods/baselines.ts";
import { evaluate } from "../../evaluate/evaluate.ts";
import { evaluateHeldOut } from "../../evaluate/held_out.ts";
import { insightsOf } from "../../evaluate/insights/insights.ts";
import type { Evaluation } from "../../evaluate/evaluation.ts";
import { metricsIn } from "../../records/evaluation.ts";
import { compareAll } from "../../evaluate/significance.ts";
import { putOnEngine } from "../../methods/store.ts";
import type { MethodFigures, Metrics, RunMetrics } from "../../records/records.ts";
import type { Recommender } from "../../recommender.ts";
import type { RunFolder } from "../../runs/folder.ts";
import { otherRuns } from "../../runs/others.ts";
import { cutoffsIn, ownOf } from "../../views/results.ts";
import { countdown } from "../cost.ts";
import { isTested } from "../options.ts";
import type { JobPhase, JobWork } from "./phase.ts";

/** The baselines. If items that the user had are ranked too, methods also have to beat what the user takes most often. */
const baselinesOf = ({ options: { keepSeen } }: JobWork) => [
  popularity,
  ...(keepSeen ? [personalPopularity] : []),
  itemKnn,
  markov,
];

/** Writes `metrics.json`, and the model's ranks of the test positives as `per_user.parquet`. */
export const evaluatePhase: JobPhase = {
  name: "evaluate",
  title: "evaluation",
  beginsAnew: true,
  is: isTested,
  done: (work) => !work.evaluateAnew && isEvaluated(work),
  async run(work) {
    const { folder, dataset, seed, outlook, progress, signal } = work, { hash, name } = dataset.manifest;
    const runs = otherRuns(folder), baselines = baselinesOf(work);
    const methods = 1 + runs.length + baselines.length;
    const started = performance.now();
    const next = (done: number) => {
      const left = done === 0 ? undefined : (methods - done) * (performance.now() - started) / 1000 / done;
      outlook.says(placeOf(done, methods, left));
      const beyond = done === 1 ? outlook.beyond(left!) : undefined;
      if (beyond !== undefined) contextOf({ progress }).progress.remark?.(beyond);
    };
    next(0);
    const model = await withModel(work, folder, async (recommender) => {
      const both = await evaluateBoth(work, recommender);
      const insights = await insightsOf(recommender, dataset, both.test, work);
      // Otherwise, a report of old figures could be left next to new ones.
      await folder.removeReport();
      await folder.write("insights", insights);
      return both;
    });
    await model.test.writePerUser(folder.perUserPath);
    const others: Both[] = [];
    for (const run of runs) {
      next(1 + others.length);
      const both = await withModel(work, run, (recommender) => evaluateBoth(work, recommender));
      others.push({ ...both, weights: run.weightsHash });
    }
    for (const baseline of baselines) {
      next(1 + others.length);
      others.push(await evaluateBoth(work, await baseline.fit(dataset, { progress, signal })));
    }
    const all = [{ ...model, weights: folder.weightsHash }, ...others];
    await folder.write("metrics", {
      dataset: { hash, name },
      seed,
      method: model.test.method,
      methods: Object.fromEntries(all.map((both) => [both.test.method, figuresOf(both)])),
      tests: testsOf(model.test, others.map(({ test }) => test)),
    });
    return true;
  },
};

/**
 * Whether all figures exist for the current weights: new weights of the run's own method remove the figures, and new weights of another
 * method, which may be trained further separately, differ from those on record. Figures that cannot be read are computed anew.
 */
function isEvaluated({ folder, options: { ks } }: JobWork): boolean {
  try {
    const metrics = folder.read("metrics");
    if (!metrics || !folder.read("insights") || !existsSync(folder.perUserPath)) return false;
    const trained = Object.values(metrics.methods).flatMap(({ weights }) => weights ?? []);
    const runs = [folder, ...otherRuns(folder)];
    if (runs.length > 1 && !same(trained, runs.map(({ weightsHash }) => weightsHash!))) return false;
    folder.checkPerUser();
    const there = cutoffsIn(Object.values(ownOf(metrics).metrics.test)[0] ?? {});
    return same(there, [...new Set(ks)]);
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

const same = <T>(a: readonly T[], b: readonly T[]) => a.toSorted().join() === b.toSorted().join();

/** The progress from now on: `method 2 of 4, about 8 s more`, by the seconds left, if known. */
function placeOf(done: number, methods: number, seconds: number | undefined): () => string[] {
  const place = `method ${done + 1} of ${methods}`;
  if (seconds === undefined) return () => [place];
  const left = countdown(seconds);
  return () => [place, `about ${formatSeconds(left())} more`];
}

/** Evaluations on validation and test, as far as these are held out. */
type Both = { validation?: Evaluation; test: Evaluation; weights?: string };
type Kind = "metrics" | "standardErrors" | "unadjusted";

const evaluationOptions = ({ options: { ks, keepSeen }, seed, progress, signal }: JobWork) => ({
  ks,
  keepSeen,
  seed,
  progress,
  signal,
});

/** @throws {InputError} if the run has no model, or it was trained on another dataset. */
async function withModel<T>(
  work: JobWork,
  run: RunFolder,
  use: (model: Recommender) => Promise<T>,
): Promise<T> {
  using loaded = await putOnEngine(run, work.dataset, { engine: work.engine });
  return await use(loaded.model);
}

async function evaluateBoth(work: JobWork, recommender: Recommender): Promise<Both> {
  const { dataset } = work, options = evaluationOptions(work);
  if (dataset.heldOut.includes("validation")) return await evaluateHeldOut(recommender, dataset, options);
  const logitAdjustment = adjustmentOfRun(work, recommender);
  return { test: await evaluate(recommender, dataset, { ...options, logitAdjustment }) };
}

/** For a refit: the adjustment chosen on validation for the same method when the run that it was made from was evaluated. */
function adjustmentOfRun(
  { options: { adjustmentOfRun = {} } }: JobWork,
  { name }: Recommender,
): Record<string, number> {
  return adjustmentOfRun[name] ?? {};
}

/** Tests of the model against the others by protocol and metric; undefined if there are too few users. */
function testsOf(model: Evaluation, others: readonly Evaluation[]): RunMetrics["tests"] {
  if (model.users < 2) return undefined;
  return Object.fromEntries(model.protocols.map((protocol) => {
    const names = metricsIn(model.metrics[protocol]);
    const ofMetrics = names.map((metric) => {
      const { comparisons } = compareAll(model, others, metric, { protocol });
      return [metric, Object.fromEntries(comparisons.map(({ b, adjustedP }) => [b, adjustedP]))];
    });
    return [protocol, Object.fromEntries(ofMetrics)];
  }));
}

function figuresOf({ validation, test, weights }: Both): MethodFigures {
  const of = (kind: Kind): Metrics => ({
    ...(validation && { validation: validation[kind] }),
    test: test[kind],
  } as Metrics);
  return {
    metrics: of("metrics"),
    standardErrors: of("standardErrors"),
    logitAdjustment: test.logitAdjustment,
    unadjusted: of("unadjusted"),
    ...(weights && { weights }),
  };
}
