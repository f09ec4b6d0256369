/**
 * Remarks on unfinished trainings of a run and of the methods that it is compared with.
 *
 * @module
 */
import { basename } from "node:path";
import type { RunFolder } from "../runs/folder.ts";
import { otherRuns } from "../runs/others.ts";
import { unfinishedTraining } from "../runs/unfinished.ts";
import { UNFINISHED } from "../views/cut_short.ts";
import { resumeCommand } from "../views/resume_command.ts";
import { methodOf } from "../train/methods.ts";
import { AUTOMLP } from "./options.ts";

/** Whether a remark says that a training has not finished, that of the run or of a method inside it. */
export const isOfUnfinished = (remark: string): boolean =>
  remark.replace(/^[^ :]+: /, "").startsWith(UNFINISHED);

/** Returns remarks on a run and the methods that it is compared with, each by name; some may have no model yet. */
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
