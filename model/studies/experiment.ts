/**
 * An experiment: the cells of a plan, each trained in its own process, and their results.
 *
 * @module
 */
import { contextOf } from "../../pipeline/contract/context.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { Interrupted } from "../../pipeline/contract/errors.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import type { ExperimentResults, GalleryPerson } from "../records/experiment.ts";
import { askForCells, begunSeed } from "./asked.ts";
import { endOf, limitsOf, Stop, stoppedStudy } from "./options.ts";
import { inputsOf, StudyFolder } from "./study_folder.ts";
import { cellsOf, checkedPlan, type Plan, trainablePlan, type Variant } from "./plan.ts";
import { resultsOf } from "./results.ts";
import { experimentWithDisplay } from "../views/experiment.ts";
import { peopleAs, type ShownPeople } from "../views/people.ts";
import { writeResults } from "./write_results.ts";
import { join } from "node:path";
import { openEngine } from "../backend/engine.ts";
import { personOf, somePositives } from "../evaluate/insights/people.ts";
import { ItemSet } from "../evaluate/item_set.ts";
import { pickPositives, positivesOf } from "../evaluate/positives.ts";
import { adjusterFor, scoreChecked } from "../evaluate/scores.ts";
import { TopK } from "../evaluate/topk.ts";
import { putOnEngine } from "../methods/store.ts";
import { titlesOf } from "../titles.ts";
import { RunFolder } from "../runs/folder.ts";
import type { Progress, Task } from "../../pipeline/contract/progress.ts";
import { countOf } from "../../pipeline/display/text/units.ts";
import { type Cell, slug } from "./cell.ts";
import { defaultJobs, type Outcome, Workers } from "./workers.ts";
import { tune } from "./tune.ts";
import type { TuneOptions } from "./tune_options.ts";
import { nothingFound } from "./write_tuning.ts";

/** The folder of an experiment's tunings, below its own. */
const TUNING = "tuning";

/** The results of a plan's tunings. */
export interface TunedPlan {
  /** The plan with the options that they found. */
  plan: Plan;
  /** Rows whose tuning had no result, by label, and why: they have no options to be trained with. */
  untuned: ReadonlyMap<string, string>;
}

/**
 * Tunes the rows of a plan that asks for it. Returns undefined if the time is up before all are done: no cell may begin with options that
 * may still change.
 *
 * @param context `out` is the experiment's folder.
 */
async function tunedPlan(
  plan: Plan,
  dataset: SequenceDataset,
  context: Omit<TuneOptions, "options" | "space">,
): Promise<TunedPlan | undefined> {
  const untuned = new Map<string, string>();
  if (!plan.tuning) return { plan, untuned };
  const { epochs, leastEpochs, ...how } = plan.tuning, variants: Variant[] = [];
  for (const variant of plan.variants) {
    const { epochs: _own, ...options } = variant.options;
    const place = join(TUNING, slug(variant.label)),
      out = join(context.out, place),
      { tensorboard } = context;
    const tuning = tune(variant.method, dataset, {
      ...context,
      ...how,
      ...(how.tuner === "halving" && { leastEpochs }), // a plan has it for any tuner
      out,
      // The trials of all rows have the same names.
      ...(tensorboard !== undefined && { tensorboard: join(tensorboard, place) }),
      options: { ...options, epochs },
      // A tuning that was begun keeps its seed, even if the plan's seeds have changed.
      seed: begunSeed(out) ?? plan.seeds[0],
    });
    const best = await tuning.run();
    if (context.deadline !== undefined && performance.now() >= context.deadline) return undefined;
    if (best) {
      variants.push({ ...variant, options: { ...variant.options, ...best.options }, tuned: best.options });
    } else {
      variants.push(variant);
      untuned.set(variant.label, nothingFound(variant.label, tuning.results, out).message);
    }
  }
  return { plan: { ...plan, variants }, untuned };
}

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

/** Where {@link runExperiment} writes its results, and how much it may use. */
export interface ExperimentContext extends StageContext {
  /** The experiment's folder: a new one, or one that an earlier call began. */
  out: string;
  /** Number of trainings at once, each in its own process. Default: one per core, if memory suffices. */
  jobs?: number;
  /**
   * Time limit for a call, as in `2h`, or in seconds. Trainings under way then are stopped, and the next call resumes them. Default: no
   * limit.
   */
  budget?: string | number;
  /** When the call has to end, as a time of `performance.now()`, if that is before the budget is used up. */
  deadline?: number;
  /** Folder for TensorBoard events, with a subfolder for each cell. */
  tensorboard?: string;
  /**
   * How pages name the few people whose histories they show: by id, by a number that each page assigns, or not at all. Reports of finished
   * trainings stay as they are. Default: `ids`.
   */
  people?: ShownPeople;
  /** The command, for the runs' records. */
  command?: string;
}

/**
 * Tunes the rows of a plan if it says so, trains all unfinished cells, several at once, and writes the results of all cells as tables and a
 * page. A finished cell is never computed again; one that was cut off resumes from its last epoch; one that fails is reported in its place,
 * and tried again in the next call. So are the cells of a row whose tuning had no result.
 *
 * @throws {InputError} if the folder is not free, or holds cells of the same names with other options or data.
 * @throws {Interrupted} if `signal` is aborted: everything under way is saved first.
 *
 * @example
 * ```ts
 * import { planOf, prepare, runExperiment } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const plan = planOf({
 *   name: "width",
 *   methods: ["gru4rec", { method: "gru4rec", label: "wide", dim: 16 }],
 *   seeds: [1],
 *   common: { epochs: 1, dim: 8, length: 10 },
 * });
 * console.log(await runExperiment(plan, dataset, { out: `${out}-width` }));
 * ```
 */
export async function runExperiment(
  asked: Plan,
  dataset: SequenceDataset,
  context: ExperimentContext,
): Promise<ExperimentResults> {
  checkedPlan(asked);
  const { budget, ...given } = context, deadline = endOf(limitsOf({ budget }), given.deadline);
  const { out, command = "runExperiment" } = given, { signal, progress } = contextOf(given);
  const how = { ...given, deadline, command };
  using folder = StudyFolder.create(out, "experiment", inputsOf(dataset, out));
  const { plan, leftOut } = trainablePlan(asked, dataset), { hash, name } = dataset.manifest;
  if (leftOut.length > 0) {
    progress.warn(`The dataset has no item features; left out: ${leftOut.join("; ")}`);
  }
  // From here on its dataset is never replaced: tunings need it as much as cells do.
  await askForCells(folder, plan.name, { hash, name }, []);
  const tuned = await tunedPlan(plan, dataset, how).catch((error) => {
    throw error instanceof Interrupted
      ? stoppedStudy("experiment", "what was tried so far", error.cause)
      : error;
  });
  const failures = tuned ? await train(tuned) : new Map<string, string>(), shown = tuned?.plan ?? plan;
  if (signal?.aborted) throw stoppedStudy("experiment", "what was trained so far", signal.reason);
  const results = resultsOf(shown, dataset.manifest, folder, failures);
  const gallery = await galleryOf(results, dataset, folder, { signal, progress });
  const all = experimentWithDisplay({ ...results, gallery: peopleAs(gallery, given.people) });
  await writeResults(folder, all);
  return all;

  async function train({ plan, untuned }: TunedPlan): Promise<ReadonlyMap<string, string>> {
    const [left, ready] = [true, false].map((isLeft) =>
      plan.variants.filter(({ label }) => untuned.has(label) === isLeft)
    );
    const cells = cellsOf({ ...plan, variants: ready });
    await askForCells(folder, plan.name, { hash, name }, cells);
    const failed = await trainCells(cells, dataset, folder, how);
    const neverBegun = left.flatMap((variant) =>
      cellsOf({ ...plan, variants: [variant] }).map(({ id }) => [id, untuned.get(variant.label)!] as const)
    );
    return new Map([...failed, ...neverBegun]);
  }
}

/** Number of people, and of items recommended to each. */
const PEOPLE = 3, BEST = 5;

/** Returns the gallery of the rows' first seeds. Empty if nothing was evaluated. */
async function galleryOf(
  { rows, protocols }: ExperimentResults,
  dataset: SequenceDataset,
  folder: StudyFolder,
  context: StageContext,
): Promise<GalleryPerson[]> {
  const done = rows.filter(({ cells }) => cells.length > 0).map(({ label, cells: [cell] }) => ({
    label,
    run: RunFolder.open(join(folder.path, cell.run)),
    tau: cell.logitAdjustment.full ?? 0,
  }));
  if (protocols.length === 0 || done.length === 0) return [];
  const places = somePositives(await positivesOf(dataset, "test"), PEOPLE), title = titlesOf(dataset);
  const chosen = await pickPositives(dataset, "test", places);
  const people = chosen.map((positive): GalleryPerson => ({
    ...personOf(dataset, positive, title),
    recommended: [],
  }));
  const engine = await openEngine({ progress: context.progress });
  for (const { label, run, tau } of done) {
    const adjust = adjusterFor(dataset, tau), { keepsSeen } = run;
    using loaded = await putOnEngine(run, dataset, { engine });
    for (const [i, { user, target, history }] of chosen.entries()) {
      const histories = {
        items: history,
        starts: Uint32Array.of(0),
        ends: Uint32Array.of(history.length),
        users: Uint32Array.of(user),
      };
      const scores = await scoreChecked(loaded.model, histories);
      adjust(scores);
      const items = bestOf(scores, keepsSeen ? [] : history, dataset.items);
      people[i].recommended.push({
        label,
        items: items.map(title),
        hit: items.includes(target),
      });
    }
  }
  return people;
}

function bestOf(scores: Float32Array, without: Iterable<number>, count: number): number[] {
  const leftOut = new ItemSet(count), best = new TopK(Math.min(BEST, count));
  leftOut.clear();
  for (const item of without) leftOut.add(item);
  const found = best.select(scores, leftOut);
  return Array.from(best.items.subarray(0, found));
}
