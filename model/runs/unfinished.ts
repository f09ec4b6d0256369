/**
 * Runs whose training has not finished, and the remark on their models.
 *
 * @module
 */
import type { Progress } from "../../pipeline/contract/progress.ts";
import { epochsDone } from "../records/epochs.ts";
import type { Unfinished } from "../records/records.ts";
import { retrainCommand, warningText } from "../views/epochs.ts";
import type { RunFolder } from "./folder.ts";

/**
 * Returns a remark for readers of a run's figures or recommendations: that its training is still under way, or was stopped. For a run that
 * was evaluated in that state, the remark that was recorded then. Undefined if the training finished or a budget ended it, which is
 * recorded separately, and for a model without a run.
 *
 * @param resume The command that resumes it.
 */
export function unfinishedTraining(
  run: RunFolder,
  resume = retrainCommand(run.path),
): Unfinished | undefined {
  const facts = run.readRun();
  if (!facts) return undefined;
  const { status, phase, config, warnings } = facts;
  const known = warnings.find((warning): warning is Unfinished =>
    warning.kind === "unfinished" && warning.method === undefined
  );
  if (status === "done" || phase !== "retrain") return known;
  const history = run.read("trainHistory"),
    best = history.findLast((record) => record.best),
    last = history.at(-1);
  if (!best || !last) return known;
  const { epoch, share } = best, isBest = Object.keys(best.metrics).length > 0;
  const kept = { epoch, ...(share !== undefined && { share }) };
  return {
    kind: "unfinished",
    trained: { epochs: epochsDone(last), of: config.training.epochs, kept, isBest },
    resume,
  };
}

/** Warns with the remark of {@link unfinishedTraining}, if there is one. */
export function warnOfUnfinished(run: RunFolder, progress: Pick<Progress, "warn">): void {
  const provisional = unfinishedTraining(run);
  if (provisional !== undefined) progress.warn(warningText(provisional));
}
