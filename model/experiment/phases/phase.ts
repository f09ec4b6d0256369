/**
 * What the phases of a job have in common.
 *
 * @module
 */
import type { SequenceDataset } from "../../../pipeline/contract/dataset.ts";
import type { StageContext } from "../../../pipeline/contract/stage.ts";
import type { Engine } from "../../backend/types.ts";
import type { RunFolder } from "../../runs/folder.ts";
import type { RunEvents } from "../../tensorboard/run_events.ts";
import type { SearchedSizes } from "../../search/space.ts";
import type { MethodConfig, NeuralMethod } from "../../train/method.ts";
import { type TrainingOptions, trainingShape } from "../../train/options.ts";
import type { Session, SessionOptions } from "../../train/session.ts";
import type { TrainingSettings } from "../../train/settings.ts";
import { epochsOf } from "../../views/epochs.ts";
import type { Budget } from "../budget.ts";
import { pick } from "../options.ts";
import type { JobOptions, Phase } from "../job_options.ts";
import type { Outlook } from "../outlook.ts";
import type { RunRecord } from "../record.ts";

/** What the phases work with. What one hands to the next lies in the run folder. */
export interface JobWork extends StageContext {
  engine: Engine;
  dataset: SequenceDataset;
  folder: RunFolder;
  options: JobOptions;
  seed: number;
  method: NeuralMethod;
  /** Of the network, one of them of an ensemble: where a length is searched, all candidate lengths side by side. */
  config: MethodConfig;
  /** Sizes that are searched beside the length, and what is the same in all that is compared. */
  over?: SearchedSizes;
  /** As they were given: search and training fill in the rest. */
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
  /** Where TensorBoard finds what goes on; undefined where nobody asked for it. */
  events?: RunEvents;
}

/** The same for one phase. */
export interface PhaseWork extends JobWork {
  /** Where it says how long the rest may take. */
  outlook: Outlook;
}

/** A phase of the job. Interrupted, it leaves a checkpoint; called again, it continues from there. */
export interface JobPhase {
  name: Exclude<Phase, "dataset">;
  /** What is done in it, as in `training`. */
  title: string;
  /** Whether a job with these options has it. Left out: each has. */
  is?(options: JobOptions): boolean;
  /** Whether nothing of it is left to do. Left out: it is looked at again. */
  done?(work: JobWork): boolean;
  /** Says, where nothing of it is left to do, what somebody who called it should know. */
  left?(work: JobWork): void;
  /** Whether it begins anew each time: then its time is that of the last, which made what is there. */
  beginsAnew?: boolean;
  /** Gives whether there was anything to do. */
  run(work: PhaseWork): Promise<boolean>;
}

/** What of the budget that is left training may take: evaluating and reporting need the rest. */
export const TRAINING_SHARE = 0.95;

/**
 * A search or a training as a part of the job, which says itself how long it takes; its deadline is the budget.
 *
 * @param run The folder of the run whose result has its curves, where one has them.
 */
export function inJob<S extends Session<unknown, SessionOptions>>(session: S, run?: string): S {
  session.deadlineName = "the budget";
  session.isPhase = true;
  session.within = run;
  return session;
}

/** When the budget cut a search or a training short; undefined where it ended by itself. */
export const cutAt = ({ cutShort }: Session<unknown, SessionOptions>): string | undefined =>
  cutShort && `after ${epochsOf(cutShort.epochs, cutShort.of)}`;

/** The options of a training in the job. */
export function trainingOptions(
  { options, settings, budget, ...work }: JobWork,
): Partial<TrainingOptions> {
  const { progress, signal } = work, deadline = budget.share(TRAINING_SHARE);
  const { keepSeen } = options;
  return { ...settings, ...pick(trainingShape, options), keepSeen, deadline, progress, signal };
}
