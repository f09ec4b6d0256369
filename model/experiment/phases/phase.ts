/**
 * What the phases of a job have in common.
 *
 * @module
 */
import type { SequenceDataset } from "../../../pipeline/contract/dataset.ts";
import type { StageContext } from "../../../pipeline/contract/stage.ts";
import type { Engine } from "../../backend/types.ts";
import type { LiveReport } from "../../report/write.ts";
import type { RunFolder } from "../../runs/folder.ts";
import type { RunEvents } from "../../tensorboard/run_events.ts";
import type { MethodConfig, NeuralMethod } from "../../train/method.ts";
import { type TrainingOptions, trainingShape } from "../../train/options.ts";
import type { Session, SessionOptions } from "../../train/session.ts";
import type { TrainingSettings } from "../../train/settings.ts";
import type { Budget, Outlook } from "../cost.ts";
import { isAutomlp, isRefit, pick, wants } from "../options.ts";
import type { JobOptions, Phase } from "../job_options.ts";
import type { RunRecord } from "../record.ts";
import { type CutShort, isSideBySide } from "../../records/records.ts";
import { resumeCommand, retrainCommand } from "../../views/epochs.ts";

/** What the phases work with. What one passes to the next is in the run folder. */
export interface JobWork extends StageContext {
  engine: Engine;
  dataset: SequenceDataset;
  folder: RunFolder;
  options: JobOptions;
  seed: number;
  method: NeuralMethod;
  /** Configuration of the network (a single one, even of an ensemble); if a length is searched, with all candidate lengths side by side. */
  config: MethodConfig;
  /** Settings as they were given; search and training fill in the rest. */
  settings: Partial<TrainingSettings>;
  /** See {@link JobPlace.evaluateOnly}. */
  evaluateOnly: boolean;
  /** See {@link JobPlace.evaluateAnew}. */
  evaluateAnew: boolean;
  /** See {@link JobPlace.asSelected}. */
  asSelected: boolean;
  /** See {@link JobPlace.whole}. */
  whole?: string;
  budget: Budget;
  record: RunRecord;
  /** Written again at the end of each epoch. */
  report: LiveReport;
  /** Event files for TensorBoard; undefined if they were not asked for. */
  events?: RunEvents;
}

/** The same before the run has begun. */
export type JobToBegin = Omit<JobWork, "record" | "report">;

/** The same for one phase. */
export interface PhaseWork extends JobWork {
  /** Shows how long the rest may take. */
  outlook: Outlook;
}

/** A phase of the job. If interrupted, it leaves a checkpoint; called again, it continues from there. */
export interface JobPhase {
  name: Exclude<Phase, "dataset">;
  /** What is done in it, as in `training`. */
  title: string;
  /** Whether a job with these options has the phase. Omitted: every job has it. */
  is?(options: JobOptions): boolean;
  /** Whether nothing is left to do. Omitted: the phase runs and checks this itself. */
  done?(work: JobWork): boolean;
  /** If nothing is left to do, says what the caller should know. */
  left?(work: JobWork): void;
  /** Whether it starts from scratch each time: then its recorded time is that of the last time, which produced the results. */
  beginsAnew?: boolean;
  /** Runs the phase, and returns whether there was anything to do. */
  run(work: PhaseWork): Promise<boolean>;
}

/** Share of the remaining budget that training may take: evaluation and report need the rest. */
export const TRAINING_SHARE = 0.95;

/**
 * Makes a search or a training part of the job, which itself says how long it takes; its deadline is the budget.
 *
 * @param run The folder of the run whose result has its curves, if there is one.
 */
export function inJob<S extends Session<unknown, SessionOptions>>(session: S, run?: string): S {
  session.deadlineName = "the budget";
  session.isPhase = true;
  session.within = run;
  return session;
}

/** The options of a training in the job. */
export function trainingOptions(
  { options, settings, budget, ...work }: JobWork,
): Partial<TrainingOptions> {
  const { progress, signal } = work, deadline = budget.share(TRAINING_SHARE);
  const { keepSeen } = options;
  return { ...settings, ...pick(trainingShape, options), keepSeen, deadline, progress, signal };
}

type Next = Pick<CutShort, "resume" | "selected">;

const toGoOn = (command: string, path: string): Next => ({ resume: resumeCommand(command, path) });

/**
 * Whether the run's network has been trained since its length was selected. In an exhaustive search, the winner's training is the
 * network's.
 */
const isTrained = ({ folder }: JobWork): boolean =>
  folder.hasCheckpoint("train") || folder.read("trainHistory").length > 0;

/**
 * Whether a search that a budget ended can be resumed: its candidates were searched side by side, its checkpoint exists, and no network was trained with its
 * length.
 */
export const canSearchOn = (work: JobWork): boolean =>
  isSideBySide(work.options.search) && work.folder.hasCheckpoint("search") && !isTrained(work);

/** What comes next if a budget ended the search, once a length was selected. */
export function afterCutSearch(work: JobWork, architecture = work.folder.read("architecture")!): Next {
  const { folder, options } = work;
  if (!wants(options, "retrain") && canSearchOn(work)) return toGoOn("search", folder.path);
  return { selected: architecture.shortTermLength };
}

/** What comes next if a budget ended the training. */
export function afterCutTraining({ folder, options, whole }: JobWork): Next {
  if (whole !== undefined) return toGoOn("pipeline", whole);
  if (!wants(options, "evaluate") || isRefit(options)) return { resume: retrainCommand(folder.path) };
  return toGoOn(isAutomlp(options) ? "pipeline" : "train", folder.path);
}
