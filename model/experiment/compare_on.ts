/**
 * Evaluates the models of several runs anew on one dataset: yesterday's alongside today's, by what people took today.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { contextOf } from "../../pipeline/contract/context.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { HELD_OUT, type HeldOut, type StageContext } from "../../pipeline/contract/stage.ts";
import { openEngine } from "../backend/engine.ts";
import type { Engine } from "../backend/types.ts";
import { checkOptions } from "../evaluate/evaluate.ts";
import type { Evaluation } from "../evaluate/evaluation.ts";
import { evaluateHeldOut } from "../evaluate/held_out.ts";
import { parseMetric } from "../records/evaluation.ts";
import { putOnEngine } from "../methods/store.ts";
import { forDataset } from "../recommend/other_dataset.ts";
import type { RunMetrics } from "../records/records.ts";
import { type ComparedRun, comparedRun, RunComparison, testedRanks } from "../report/comparison.ts";
import type { CompareRunsOptions } from "../report/runs.ts";
import { RunFolder } from "../runs/folder.ts";
import { warnOfUnfinished } from "../runs/unfinished.ts";
import { type ReopenedRun, reopenRun } from "./begun.ts";

/** Options of {@link compareRunsOn}. */
export interface CompareOnOptions extends StageContext, CompareRunsOptions {
  /** The engine that the models compute on. Default: the fastest available. */
  engine?: Engine;
}

/**
 * Evaluates the models of several runs on one dataset and compares the results as {@link compareRuns} does, for instance to see whether
 * last night's model is better than the one in service. The runs may be of other datasets, such as those of earlier days: items and users
 * are matched by original ids ({@link forDataset}). Each model is evaluated anew, with its logit adjustment chosen on validation; whether
 * seen items are ranked is as in the first run. No run is changed.
 *
 * @param dataset The dataset whose test part the models are evaluated on.
 * @param runs Trained runs or their folders, with their datasets still in place; the first is compared with the others.
 * @throws {InputError} if a run has no model, its dataset is gone, or it has learnt from what its dataset held out, as a refit has; or if
 * the dataset lacks the protocol.
 * @throws {Interrupted} if `signal` is aborted.
 * @example
 * ```ts
 * import { compareRunsOn, prepare, runJob } from "automlp";
 *
 * const out = await Deno.makeTempDir(), sizes = { dim: 8, length: 10, epochs: 1, until: "retrain" } as const;
 * const { dataset: before } = await prepare({ dataset: "demo", minUser: 12, out: `${out}/before` });
 * const { dataset: now } = await prepare({ dataset: "demo", out: `${out}/now` });
 * const old = await runJob(before, { method: "gru4rec", ...sizes }, { out: `${out}/runs/before` });
 * const own = await runJob(now, { method: "gru4rec", ...sizes }, { out: `${out}/runs/now` });
 * const { comparisons } = await compareRunsOn(now, [own.run, old.run]);
 * console.log(comparisons!.comparisons[0].difference);
 * ```
 */
export async function compareRunsOn(
  dataset: SequenceDataset,
  runs: readonly (RunFolder | string)[],
  options: CompareOnOptions = {},
): Promise<RunComparison> {
  const question = await questionOn(dataset, runs, options), { progress, signal } = contextOf(options);
  return await answersTo(question, options.engine ?? await openEngine({ progress }), { progress, signal });
}

/** What is evaluated, and for which runs. */
interface Question extends Required<Pick<CompareRunsOptions, "metric" | "protocol">> {
  dataset: SequenceDataset;
  /** Cut-off of the metric. */
  k: number;
  /** Confidence level of intervals. */
  confidence?: number;
  runs: readonly ReopenedRun[];
}

/**
 * Prepares what {@link compareRunsOn} evaluates, and refuses everything that can be refused without an engine.
 *
 * @throws {InputError} See there.
 */
export async function questionOn(
  dataset: SequenceDataset,
  runs: readonly (RunFolder | string)[],
  { metric: named = "NDCG@10", protocol = "full", confidence }: CompareRunsOptions,
): Promise<Question> {
  const { name: metric, k } = parseMetric(named);
  checkOptions(dataset, { protocols: [protocol] });
  if (runs.length < 2) throw new InputError("Cannot compare runs: name two at least");
  const opened: ReopenedRun[] = [];
  for (const run of runs) opened.push(await openedRun(typeof run === "string" ? run : run.path));
  return { dataset, metric, k, protocol, confidence, runs: opened };
}

/** @throws {InputError} if there is no model that may be evaluated, or its dataset, which names its items, is gone. */
async function openedRun(path: string): Promise<ReopenedRun> {
  const folder = RunFolder.open(path), { dataset } = folder.readRun()!;
  folder.checkModel();
  if (!existsSync(dataset.folder)) {
    throw new InputError(
      `Cannot evaluate the model of ${path}: its dataset, which names its items, is not at ${dataset.folder} any more; put it back there`,
    );
  }
  const run = await reopenRun(path);
  const learnt = HELD_OUT.find((part) => !run.dataset.heldOut.includes(part));
  if (learnt !== undefined) {
    throw new InputError(
      `Cannot evaluate the model of ${path}: it has learnt from the ${learnt} part of its dataset, which may hold the answers; evaluate the run that it is a refit of`,
    );
  }
  return run;
}

/**
 * Evaluates the models and compares them.
 *
 * @throws {InputError} if a model and the dataset have no item in common.
 * @throws {Interrupted} if `signal` is aborted.
 */
export async function answersTo(
  { dataset, metric, k, protocol, confidence, runs }: Question,
  engine: Engine,
  context: StageContext,
): Promise<RunComparison> {
  const { progress } = contextOf(context), [first] = runs;
  for (const { folder } of runs) warnOfUnfinished(folder, progress);
  const how = { protocols: [protocol], ks: [k], keepSeen: first.folder.keepsSeen, ...context };
  const compared: ComparedRun[] = [], ranked: Evaluation[] = [];
  for (const { folder, facts, dataset: own } of runs) {
    using loaded = await putOnEngine(folder, own, { engine, name: folder.path });
    const isOwn = own.manifest.hash === dataset.manifest.hash;
    const model = isOwn ? loaded.model : forDataset(loaded.model, own, dataset);
    const answers = await evaluateHeldOut(model, dataset, how);
    compared.push(comparedRun(folder, figuresOf(answers, facts.seed), how.keepSeen));
    ranked.push(answers.test);
  }
  const { comparisons, note } = testedRanks(ranked, metric, { protocol, confidence });
  return new RunComparison(compared, "test", protocol, metric, comparisons, note);
}

/** Returns an evaluation in the form in which a run records its results. */
function figuresOf({ validation, test }: Record<HeldOut, Evaluation>, seed: number): RunMetrics {
  const { dataset: { hash, name } } = test;
  const of = (key: "metrics" | "standardErrors") => ({ validation: validation[key], test: test[key] });
  const figures = {
    metrics: of("metrics"),
    standardErrors: of("standardErrors"),
    logitAdjustment: {},
    unadjusted: {},
  };
  return { dataset: { hash, name }, seed, method: test.method, methods: { [test.method]: figures } };
}
