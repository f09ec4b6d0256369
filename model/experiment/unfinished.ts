/**
 * Runs whose training has not come to its end, and what is said of their figures.
 *
 * @module
 */
import { basename } from "node:path";
import { quoted } from "../../pipeline/terminal/quoted.ts";
import type { RunFolder } from "../runs/folder.ts";
import { otherRuns } from "../runs/others.ts";
import { epochName, epochsOf } from "../views/epochs.ts";
import { resumeCommand } from "../views/resume_command.ts";
import { epochsDone } from "../records/epochs.ts";
import { methodOf } from "../train/method.ts";
import { AUTOMLP } from "./options.ts";

/** How the remark begins, behind the name of a method that lies in the run. */
const UNFINISHED = "Training has not come to its end";

/** Whether a remark is that a training has not come to its end, of the run or of a method that lies in it. */
export const isOfUnfinished = (remark: string): boolean =>
  remark.replace(/^[^ :]+: /, "").startsWith(UNFINISHED);

/**
 * What a reader of a run's figures or recommendations should know: that its training is still under way, or was stopped. For a run that was evaluated in
 * that state, the remark that was recorded then. Undefined where the training came to its end, or a budget ended it, which is on record by itself.
 *
 * @param resume The command that resumes it.
 */
export function unfinishedTraining(
  run: RunFolder,
  resume = `deno task retrain ${quoted(run.path)}`,
): string | undefined {
  const { status, phase, config, warnings } = run.readRun()!;
  const known = warnings.find((warning) => warning.startsWith(UNFINISHED));
  if (status === "done" || phase !== "retrain") return known;
  const history = run.readTrainHistory(),
    best = history.findLast((record) => record.best),
    last = history.at(-1);
  if (!best || !last) return known;
  return `${UNFINISHED} (${epochsOf(epochsDone(last), config.epochs)}): the model is that of epoch ${
    epochName(best)
  }, the best so far; to resume: ${resume}`;
}

/** The same of a run and of the methods that it is compared with, each by its name; some may have no model yet. */
export function unfinishedTrainings(run: RunFolder): string[] {
  const own = unfinishedTraining(run), { methods = [] } = run.readRun()!.config;
  const resume = resumeCommand("pipeline", run.path), trained = otherRuns(run);
  const titled = (method: string, remark: string) => `${methodOf({ method }).title}: ${remark}`;
  const provisional = trained.flatMap((other) => {
    const remark = unfinishedTraining(other, resume);
    return remark === undefined ? [] : [titled(basename(other.path), remark)];
  });
  const without = [methods].flat().map(String).filter((method) =>
    method !== AUTOMLP && !trained.some(({ path }) => basename(path) === method)
  ).map((method) =>
    titled(method, `${UNFINISHED}: it has no model yet and is left out; to resume: ${resume}`)
  );
  return [...own === undefined ? [] : [own], ...provisional, ...without];
}
