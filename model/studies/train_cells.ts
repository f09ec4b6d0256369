/**
 * Trains the cells of an experiment that are not finished.
 *
 * @module
 */
import { contextOf } from "../../pipeline/contract/context.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError, Interrupted } from "../../pipeline/contract/errors.ts";
import type { Progress, Task } from "../../pipeline/contract/progress.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import { RunFolder } from "../runs/folder.ts";
import type { Cell } from "./cell.ts";
import type { StudyFolder } from "./study_folder.ts";
import { defaultJobs, type Outcome, Workers } from "./workers.ts";

/** What the training may take. */
export interface TrainCellsContext extends StageContext {
  jobs?: number;
  deadline?: number;
  tensorboard?: string;
  command: string;
}

/**
 * Trains them, so many at once. What is under way at the deadline is stopped with everything saved.
 *
 * @returns What went wrong, by cell.
 */
export async function trainCells(
  cells: readonly Cell[],
  dataset: SequenceDataset,
  folder: StudyFolder,
  { jobs = defaultJobs(), deadline, tensorboard, command, ...context }: TrainCellsContext,
): Promise<ReadonlyMap<string, string>> {
  const left = cells.filter((cell) => !isFinished(folder, cell)), failures = new Map<string, string>();
  if (left.length === 0) return failures;
  const { progress, signal } = contextOf(context);
  folder.makeRoom();
  await folder.waitForOthers(left);
  using stop = new Stop(deadline, signal);
  const workers = new Workers(Math.min(jobs, left.length), stop.signal, tensorboard);
  const all = progress.start(`training ${left.length} of ${cells.length} cells`, left.length, "cells");
  try {
    await Promise.all(left.map(async (cell) => {
      const outcome = await train(cell);
      if ("message" in outcome) failures.set(cell.id, outcome.message);
      if (outcome.status !== "stopped") all.advance(1);
    }));
    return failures;
  } finally {
    all.end();
  }

  async function train(cell: Cell): Promise<Outcome> {
    const task = { ...cell, dataset: dataset.folder, out: folder.runPath(cell), command };
    const line = new CellLine(cell.id, progress);
    try {
      const outcome = await workers.train(task, (doing) => line.doing(doing));
      line.end(outcome);
      return outcome;
    } catch (error) {
      if (error instanceof Interrupted) return { status: "stopped" };
      throw error;
    }
  }
}

/** Aborted by a signal, or when the time is up. */
export class Stop implements Disposable {
  readonly #timeOut = new AbortController();
  readonly #timer?: ReturnType<typeof setTimeout>;
  readonly signal: AbortSignal;

  /** @param deadline As `performance.now()` has it. */
  constructor(deadline?: number, signal?: AbortSignal) {
    this.signal = AbortSignal.any([this.#timeOut.signal, ...(signal ? [signal] : [])]);
    if (deadline !== undefined) {
      this.#timer = setTimeout(() => this.abort(), Math.max(0, deadline - performance.now()));
    }
  }

  abort(): void {
    this.#timeOut.abort();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}

/** The line of progress of a cell, from the moment that its process says something. */
class CellLine {
  #task?: Task;
  #last = "";

  constructor(readonly id: string, readonly progress: Progress) {}

  doing(what: string): void {
    this.#task ??= this.progress.start(this.id);
    this.#last = what;
  }

  end({ status }: Outcome): void {
    this.#task?.end(status === "done" ? undefined : `${status}${this.#last && ` while ${this.#last}`}`);
  }
}

/** Whether a cell's run came to its end. */
function isFinished(folder: StudyFolder, cell: Cell): boolean {
  try {
    const run = RunFolder.open(folder.runPath(cell)), isDone = run.readRun()?.status === "done";
    return isDone && (cell.until === "retrain" ? run.hasModel : run.readMetrics() !== undefined);
  } catch (error) {
    if (error instanceof InputError) return false; // it was not begun; or its worker says what is wrong with it
    throw error;
  }
}
