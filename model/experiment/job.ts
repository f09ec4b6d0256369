/**
 * The main job on a dataset: search → select → retrain → evaluate → report, into a run folder. Finished phases are never
 * repeated; an interrupted phase continues from its last checkpoint.
 *
 * @module
 */
import type { Hyperparameters } from "../tensorboard/event.ts";
import type { RunEvents } from "../tensorboard/run_events.ts";
import {
  AUTOMLP,
  checkCandidates,
  checkJob,
  isAutomlp,
  jobGroups,
  jobSchema,
  pick,
  trainShape,
  unusedOptions,
  wants,
} from "./options.ts";
import type { JobPhase, JobWork } from "./phases/phase.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { FOLDER, NUMBER } from "../../pipeline/contract/options/arguments.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { goesOnBy } from "../../pipeline/contract/errors/system.ts";
import { DEFAULT_SEED } from "../../pipeline/contract/random.ts";
import { contextOf } from "../../pipeline/contract/context.ts";
import type { Ending } from "../../pipeline/contract/progress.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import { VERSIONS } from "../../pipeline/contract/version.ts";
import { checkOptions } from "../../pipeline/terminal/config.ts";
import type { NetworkConfig } from "../methods/automlp/config.ts";
import { openEngine } from "../backend/engine.ts";
import { checkPrecision } from "../backend/precision.ts";
import { checkProtocol } from "../evaluate/evaluate.ts";
import type { ReportFacts } from "../records/report_facts.ts";
import { RunFolder } from "../runs/folder.ts";
import { holdsRun } from "../runs/free_folder.ts";
import { lockRun } from "../runs/lock.ts";
import { methodOf } from "../train/methods.ts";
import { settingsShape } from "../train/settings.ts";
import { checkTargets } from "../train/open_part.ts";
import { learntAs } from "../train/train_on.ts";
import { unusedSettings } from "../train/unused.ts";
import { beginRecord, type RunOrigin } from "./begin.ts";
import { Budget, Outlook } from "./cost.ts";
import type { AnyJobInput, JobInput, JobOptions, Phase } from "./job_options.ts";
import { JOB_OPTIONS, jobOf } from "./method_options.ts";
import { checkStart, withStart } from "./start_from.ts";
import { evaluatePhase } from "./phases/evaluate.ts";
import { LiveReport, writeReport } from "../report/write.ts";
import { searchPhase } from "./phases/search.ts";
import { checkSameNetwork, type ConfiguredJob, configuredJob } from "./network.ts";
import { trainPhase } from "./phases/train.ts";
import { unfinishedTrainings } from "./record.ts";
import { manyItemsRemark } from "./remarks.ts";
import { jobWithDisplay } from "../views/report.ts";

/**
 * Opens the event files of a job, if they are asked for. Must be called before the run is written.
 *
 * @throws {InputError} if events of another run are there.
 */
export async function openEvents(work: JobWork): Promise<RunEvents | undefined> {
  const { options: { tensorboard }, folder, record } = work;
  if (tensorboard === undefined) return undefined;
  // Not at the start of every command: few write events, and the encoder takes 14 ms to load.
  const { RunEvents } = await import("../tensorboard/run_events.ts");
  return RunEvents.open(tensorboard, {
    identity: `${record.facts.dataset.hash} ${record.facts.sessions[0].began}`,
    resumed: folder.readRun() !== undefined,
    hyperparameters: hyperparametersOf(work),
  });
}

/** The options that shape what comes out, as far as each is one value or a list of them. */
function hyperparametersOf(
  { options, method, dataset, seed }: JobWork,
): Hyperparameters {
  const own = isAutomlp(options)
    ? pick(Object.assign({}, ...Object.values(jobGroups)), options)
    : { ...options.sizes, ...pick(trainShape, options) };
  const all = { method: method.title, dataset: dataset.manifest.name, ...own, seed };
  return Object.fromEntries(
    Object.entries(all).map(([name, value]) => [name, Array.isArray(value) ? value.join(",") : value])
      .filter(([, value]) => ["number", "string", "boolean"].includes(typeof value)),
  );
}

/** What {@link runJob} takes besides its options. */
export interface JobContext extends StageContext {
  /** The run folder. */
  out: string;
  /** Seed of weights, order and dropout. Default: 2023. */
  seed?: number;
}

/** The same for jobs that a command, a study or a job of several methods runs. */
export interface JobPlace extends JobContext, Partial<RunOrigin> {
  /** The options that the caller named now, without those from a preset or a run on record. Default: all options. */
  named?: object;
  /** Which part of a larger job this is, as in `method 2 of 3, SASRec`. */
  part?: string;
  /** The run folder of the larger job, through which it is resumed. Default: its own. */
  whole?: string;
  /** Only evaluate the existing model, whether its training has finished or not. */
  evaluateOnly?: boolean;
  /** Evaluate it even if all figures exist. */
  evaluateAnew?: boolean;
  /** Train with the selected length even if a budget ended its search; otherwise the search is resumed. */
  asSelected?: boolean;
  /** When the job has to be finished (`performance.now()`). Default: when the budget, counted from now, is used up. */
  deadline?: number;
}

/** What {@link runJob} returns. */
export interface JobResult {
  /** The run's folder, with everything in it. */
  run: RunFolder;
  /** The facts that its report is made of. */
  facts: ReportFacts;
}

/** The phases in order; the report follows the last one that runs. */
const JOB_PHASES: readonly JobPhase[] = [searchPhase, trainPhase, evaluatePhase];

/**
 * Trains one method on one dataset into one run folder: search, training, evaluation and report.
 *
 * @throws {InputError} if an option is not valid, or the folder holds a run that this does not continue.
 * @throws {Interrupted} if `signal` is aborted; a checkpoint is written first.
 *
 * @example
 * ```ts
 * import { prepare, runJob } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const job = { method: "sasrec", dim: 8, length: 10, epochs: 1 } as const;
 * const { run } = await runJob(dataset, job, { out: `${out}-sasrec` });
 * console.log(run.read("metrics"));
 * ```
 */
export async function runJob(
  dataset: SequenceDataset,
  input: JobInput,
  context: JobContext,
): Promise<JobResult> {
  const ofTraining = Object.keys(context).find((name) => JOB_OPTIONS.has(name));
  if (ofTraining !== undefined) {
    throw new InputError(
      `Cannot run the job: ${ofTraining} is an option of the training; give it in the object before, as in runJob(dataset, { ${ofTraining}: … }, { out: "runs/mine" })`,
    );
  }
  const misplaced = Object.keys(PLACE).find((key) => Object.hasOwn(input, key));
  if (misplaced !== undefined) {
    throw new InputError(
      `Cannot run the job: ${misplaced} is no option of the training; give it in the object after it, as in runJob(dataset, { … }, { out: "runs/mine", seed: 1 })`,
    );
  }
  return await runJobAt(dataset, input, context);
}

const PLACE = { out: FOLDER, seed: NUMBER };

/** {@link runJob} for callers within the library. */
export async function runJobAt(
  dataset: SequenceDataset,
  input: JobInput,
  place: JobPlace,
): Promise<JobResult> {
  const { method = AUTOMLP, until, ...given } = withStart({ ...input }, place.out);
  const job: AnyJobInput = jobOf(method as string, given, checkOptions);
  checkCandidates(job, input);
  // `until` is put back here because only AutoMLP has it among its options.
  return await doJob(dataset, until === undefined ? job : { ...job, until: until as Phase }, {
    ...place,
    named: input,
  });
}

/** {@link runJob} with options as runs have them on record. */
export async function doJob(
  dataset: SequenceDataset,
  input: AnyJobInput,
  context: JobPlace,
): Promise<JobResult> {
  const given: JobOptions = checkOptions(jobSchema, input);
  checkJob(given);
  const data = learntAs(dataset, given.trainOn);
  const job = configuredJob(data, given); // an impossible network is refused before anything is created
  if (wants(given, "search") && !given.resume && !context.evaluateOnly) checkTargets(data); // not needed once a length is selected
  checkStart(given);
  const budget = context.deadline === undefined ? Budget.of(given.budget) : new Budget(context.deadline);
  const folder = RunFolder.create(context.out);
  try {
    using _lock = lockRun(folder.path);
    folder.removePartFiles();
    const work = await workOn(data, folder, job, budget, context);
    if (!work.evaluateOnly) {
      const named = context.named ?? input;
      const unused = [
        ...unusedSettings(job.options),
        ...unusedOptions(given, named, job.config as NetworkConfig),
      ];
      unused.forEach((one) => work.record.warn(one));
      if (!given.resume) {
        const remark = manyItemsRemark(data.items, job.options.loss, named);
        if (remark !== undefined) contextOf(context).progress.remark?.(remark);
      }
    }
    return await runPhases(work, context.part);
  } catch (error) {
    folder.removeIfBare();
    if (holdsRun(folder.path)) goesOnBy(error, "call runJob(dataset, { …, resume: true }, …)");
    throw error;
  }
}

async function runPhases(work: JobWork, part?: string): Promise<JobResult> {
  const { folder, options, config, record, events } = work;
  await record.write();
  try {
    if (isAutomlp(options)) {
      events?.search(folder.read("searchHistory"), config as NetworkConfig);
    }
    const phases = phasesOf(work);
    let worked = false;
    for (const [at, phase] of phases.entries()) {
      if (phase.done?.(work)) {
        phase.left?.(work);
        continue;
      }
      const place = phases.length > 1 ? `phase ${at + 1} of ${phases.length}, ${phase.title}` : phase.title;
      const label = part ? `${part}: ${place}` : place;
      worked = await record.timed(phase, () => runPhase(phase, label, work)) || worked;
    }
    const isAsBefore = !worked && record.stands;
    if (isAsBefore) await record.asBefore();
    const facts = await writeReport(folder, work.dataset, options, { status: "done" });
    if (!isAsBefore) await record.done();
    return jobWithDisplay({ run: folder, facts });
  } catch (error) {
    await record.failed(error);
    await work.report.end();
    throw error;
  }
}

function phasesOf({ options, evaluateOnly }: JobWork): readonly JobPhase[] {
  if (evaluateOnly) return [evaluatePhase];
  return JOB_PHASES.filter(({ name, is }) => wants(options, name) && (is?.(options) ?? true));
}

async function runPhase(phase: JobPhase, label: string, work: JobWork): Promise<boolean> {
  const outlook = new Outlook(work.budget);
  const task = contextOf(work).progress.start(label, undefined, undefined, () => outlook.place);
  let cut: string | undefined, ending: Ending = "stopped";
  try {
    const worked = await phase.run({ ...work, outlook });
    cut = work.record.cutOf(phase.title);
    ending = cut === undefined ? "done" : "cut short";
    return worked;
  } finally {
    task.end(cut, ending);
  }
}

async function workOn(
  dataset: SequenceDataset,
  folder: RunFolder,
  { options, config }: ConfiguredJob,
  budget: Budget,
  context: JobPlace,
): Promise<JobWork> {
  const { seed = DEFAULT_SEED, evaluateOnly = false, evaluateAnew = false, asSelected = false } = context;
  const { whole, progress, signal } = context;
  const { threads } = options, method = methodOf({ method: options.method });
  if (dataset.heldOut.includes("validation")) checkProtocol(dataset, options.protocol); // now, not after the first epoch
  const engine = await openEngine({ engine: options.engine, threads, progress });
  if (!evaluateOnly) checkPrecision(engine, { precision: options.precision, progress }); // before anything is on record
  const work = {
    engine,
    dataset,
    folder,
    options,
    seed,
    budget,
    evaluateOnly,
    evaluateAnew,
    asSelected,
    whole,
    progress,
    signal,
    method,
    config,
    settings: { ...pick(settingsShape, options), seed },
  };
  const { command = "runJob", versions = VERSIONS, config: ofWhole, prepared } = context;
  const unfinished = evaluateOnly ? unfinishedTrainings(folder) : undefined; // as it is before this begins
  const record = beginRecord(work, { command, versions, config: ofWhole, prepared });
  if (!evaluateOnly) checkSameNetwork(work); // before anything is on record
  if (unfinished) record.unfinished(unfinished);
  const report = new LiveReport(folder, dataset, options);
  return { ...work, record, report, events: await openEvents({ ...work, record, report }) };
}
