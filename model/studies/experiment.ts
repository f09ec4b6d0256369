/**
 * An experiment: the cells of a plan, each trained in a process of its own, and what they came to.
 *
 * @module
 */
import { contextOf } from "../../pipeline/contract/context.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError, Interrupted } from "../../pipeline/contract/errors.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import { RunFolder } from "../runs/folder.ts";
import type { Cell } from "./cell.ts";
import { askForCells } from "./asked.ts";
import { inputsOf, StudyFolder } from "./study_folder.ts";
import { cellsOf, type Plan } from "./plan.ts";
import { type ExperimentResults, resultsOf } from "./results.ts";
import { writeResults } from "./write_results.ts";
import { defaultJobs, Workers } from "./workers.ts";

/** Where an experiment goes, and what it may take. */
export interface ExperimentContext extends StageContext {
  /** Its folder: a new one, or one that was begun. */
  out: string;
  /** Trainings at once, each in a process of its own. Default: as many as there are cores, where memory suffices. */
  jobs?: number;
  /** When it has to end (`performance.now()`). What is under way then is stopped, and goes on in the next call. */
  deadline?: number;
  /** A folder in which each cell gets one for its events, for TensorBoard. */
  tensorboard?: string;
  /** For the runs' records. */
  command?: string;
}

/**
 * Trains all cells of a plan that are not finished, so many at once, and writes what all of them came to as tables and a page. A cell that
 * is finished is never computed again; one that was cut off goes on from its last epoch; one that fails is reported in its place, and tried
 * again in the next call.
 *
 * @throws {InputError} if the folder is not free, or holds cells of the same names with other options or data.
 * @throws {Interrupted} if `signal` is aborted: all that is under way is saved first.
 *
 * @example
 * ```ts
 * import { planOf, prepare, runExperiment } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const methods = ["gru4rec", { method: "gru4rec", label: "wide", dim: 16 }];
 * const plan = planOf({ name: "width", methods, seeds: [1], common: { epochs: 1, dim: 8, length: 10 } });
 * console.log(await runExperiment(plan, dataset, { out: `${out}-width` }));
 * ```
 */
export async function runExperiment(
  plan: Plan,
  dataset: SequenceDataset,
  context: ExperimentContext,
): Promise<ExperimentResults> {
  const { progress, signal } = contextOf(context), { out, jobs = defaultJobs(), deadline, command } = context;
  const cells = cellsOf(plan), { hash, name } = dataset.manifest;
  using folder = StudyFolder.create(out, "experiment", inputsOf(dataset, out));
  await askForCells(folder, plan.name, { hash, name }, cells);
  const left = cells.filter((cell) => !isFinished(folder, cell)), failures = new Map<string, string>();
  await folder.waitForOthers(left);
  const outOfTime = deadline === undefined ? undefined : new AbortController();
  const timer = outOfTime && setTimeout(() => outOfTime.abort(), Math.max(0, deadline! - performance.now()));
  const stops = [signal, outOfTime?.signal].filter((stop) => stop !== undefined);
  const workers = new Workers(
    Math.min(jobs, Math.max(1, left.length)),
    AbortSignal.any(stops),
    context.tensorboard,
  );
  const all = left.length > 0
    ? progress.start(`training ${left.length} of ${cells.length} cells`, left.length, "cells")
    : undefined;
  try {
    await Promise.all(left.map(async (cell) => {
      if (workers.signal?.aborted) return;
      const task = {
        ...cell,
        dataset: dataset.folder,
        out: folder.runPath(cell),
        command: command ?? "runExperiment",
      };
      const outcome = await train(task);
      if (outcome && "message" in outcome) failures.set(cell.id, outcome.message);
      if (outcome && outcome.status !== "stopped") all!.advance(1);
    }));
  } finally {
    all?.end();
    clearTimeout(timer);
  }
  if (signal?.aborted) throw new Interrupted("Stopped; what was trained so far is kept");
  const results = resultsOf(plan, dataset.manifest, folder, failures);
  await writeResults(folder, results);
  return results;

  async function train(task: Parameters<Workers["train"]>[0]) {
    const { started, doing, ended } = reporter(task.id);
    try {
      const outcome = await workers.train(task, (what) => {
        started();
        doing(what);
      });
      ended(outcome.status);
      return outcome;
    } catch (error) {
      if (error instanceof Interrupted) return undefined;
      throw error;
    }
  }

  /** A line of progress from the moment that a cell begins. */
  function reporter(id: string) {
    let own: ReturnType<typeof progress.start> | undefined, last = "";
    return {
      started: () => own ??= progress.start(id),
      doing: (what: string) => last = what,
      ended: (status: string) =>
        own?.end(status === "done" ? undefined : `${status}${last && ` while ${last}`}`),
    };
  }
}

/** Whether a cell's run came to its end. */
export function isFinished(folder: StudyFolder, cell: Cell): boolean {
  try {
    const run = RunFolder.open(folder.runPath(cell));
    return run.readRun()?.status === "done" &&
      (cell.until === "retrain" ? run.hasModel : run.readMetrics() !== undefined);
  } catch (error) {
    if (error instanceof InputError) return false; // it was not begun; or its worker says what is wrong with it
    throw error;
  }
}
