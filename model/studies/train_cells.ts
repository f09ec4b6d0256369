/**
 * Trains the cells of an experiment that are not finished.
 *
 * @module
 */
import { contextOf } from "../../pipeline/contract/context.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import type { Progress, Task } from "../../pipeline/contract/progress.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import { countOf } from "../../pipeline/display/text/units.ts";
import type { Cell } from "./cell.ts";
import { Stop } from "./options.ts";
import type { StudyFolder } from "./study_folder.ts";
import type { ShownPeople } from "../views/people.ts";
import { defaultJobs, type Outcome, Workers } from "./workers.ts";

/** How the cells are trained, and how much that may use. */
export interface TrainCellsContext extends StageContext {
  jobs?: number;
  deadline?: number;
  tensorboard?: string;
  people?: ShownPeople;
  command: string;
}

/**
 * Trains the cells, several at once. Trainings under way at the deadline, or when an error ends this, are stopped with everything saved.
 *
 * @returns What went wrong, by cell.
 */
export async function trainCells(
  cells: readonly Cell[],
  dataset: SequenceDataset,
  folder: StudyFolder,
  { jobs = defaultJobs(), deadline, tensorboard, people, command, ...context }: TrainCellsContext,
): Promise<ReadonlyMap<string, string>> {
  const left = cells.filter((cell) => !folder.finishedRun(cell)), failures = new Map<string, string>();
  if (left.length === 0) return failures;
  const { progress, signal } = contextOf(context);
  folder.makeRoom();
  using stop = new Stop(deadline, signal);
  await folder.waitForOthers(left, stop.signal);
  // By the number of all cells, not of those that are left: each then has as many threads, and so the same digits, as in a study that was
  // not interrupted.
  const workers = new Workers(Math.min(jobs, cells.length), stop.signal, { tensorboard, people });
  const all = progress.start(`training ${left.length} of ${cells.length} cells`, left.length, "cells");
  let ended = 0;
  const trainings = left.map(async (cell) => {
    const outcome = await train(cell);
    if ("message" in outcome) failures.set(cell.id, outcome.message);
    if (outcome.status === "stopped") return;
    all.advance(1);
    ended++;
  });
  try {
    await Promise.all(trainings);
    return failures;
  } finally {
    stop.abort(); // if one has thrown, the others are stopped before the error is reported
    await Promise.allSettled(trainings);
    if (ended === left.length) all.end();
    else all.end(signal?.aborted ? undefined : `cut short after ${countOf(ended, "cell")}`, "cut short");
  }

  async function train(cell: Cell): Promise<Outcome> {
    const { folder: place, manifest: { hash } } = dataset;
    const task = { ...cell, dataset: place, hash, out: folder.placeOf(cell), command };
    const line = new CellLine(cell.id, progress);
    const outcome = await workers.train(task, (doing) => line.doing(doing));
    line.end(outcome);
    return outcome;
  }
}

/** The progress line of a cell, from its process's first message on: its name, and what it does now. */
class CellLine {
  #task?: Task;
  #last = "";

  constructor(readonly id: string, readonly progress: Progress) {}

  doing(what: string): void {
    this.#last = what;
    this.#task ??= this.progress.start(this.id, undefined, undefined, () => this.#last);
    this.#task.advance(0); // so that it is drawn
  }

  end({ status }: Outcome): void {
    if (status === "done") this.#task?.end();
    else {this.#task?.end(
        [status === "stopped" ? "" : status, this.#last].filter(Boolean).join(" in "),
        "stopped",
      );}
  }
}
