/**
 * An experiment: the cells of a plan, each trained in its own process, and their results.
 *
 * @module
 */
import { contextOf } from "../../pipeline/contract/context.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { Interrupted } from "../../pipeline/contract/errors.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import type { ExperimentResults } from "../records/experiment.ts";
import { askForCells } from "./asked.ts";
import { stoppedStudy } from "./options.ts";
import { inputsOf, StudyFolder } from "./study_folder.ts";
import { cellsOf, checkedPlan, type Plan, trainablePlan } from "./plan.ts";
import { galleryOf } from "./gallery.ts";
import { endOf, limitsOf } from "./options.ts";
import { resultsOf } from "./results.ts";
import { experimentWithDisplay } from "../views/experiment.ts";
import { peopleAs, type ShownPeople } from "../views/people.ts";
import { writeResults } from "./write_results.ts";
import { trainCells } from "./train_cells.ts";
import { type TunedPlan, tunedPlan } from "./tuned.ts";

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
