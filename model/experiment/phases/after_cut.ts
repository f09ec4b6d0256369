/**
 * What comes next for a run whose search or training a budget ended: how to resume it, or that it cannot be resumed.
 *
 * @module
 */
import type { CutShort } from "../../records/records.ts";
import { resumeCommand, retrainCommand } from "../../views/resume_command.ts";
import { isAutomlp, isRefit, wants } from "../options.ts";
import type { JobWork } from "./phase.ts";

type Next = Pick<CutShort, "resume" | "selected">;

const toGoOn = (command: string, path: string): Next => ({ resume: resumeCommand(command, path) });

/**
 * Whether the run's network has been trained since its length was selected. In an exhaustive search, the winner's training is the
 * network's.
 */
const isTrained = ({ folder }: JobWork): boolean =>
  folder.hasCheckpoint("train") || folder.readTrainHistory().length > 0;

/**
 * Whether a search that a budget ended can be resumed: it is by gradient, its checkpoint exists, and no network was trained with its
 * length.
 */
export const canSearchOn = (work: JobWork): boolean =>
  work.options.search === "darts" && work.folder.hasCheckpoint("search") && !isTrained(work);

/** What comes next if a budget ended the search, once a length was selected. */
export function afterCutSearch(work: JobWork, architecture = work.folder.readArchitecture()!): Next {
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
