/**
 * Remarks on unfinished trainings of a run and of the methods that it is compared with.
 *
 * @module
 */
import { basename } from "node:path";
import type { Unfinished } from "../records/records.ts";
import type { RunFolder } from "../runs/folder.ts";
import { otherRuns } from "../runs/others.ts";
import { unfinishedTraining } from "../runs/unfinished.ts";
import { resumeCommand } from "../views/resume_command.ts";
import { methodOf } from "../train/methods.ts";
import { AUTOMLP } from "./options.ts";

/** Returns remarks on a run and the methods that it is compared with, each by name; some may have no model yet. */
export function unfinishedTrainings(run: RunFolder): Unfinished[] {
  const own = unfinishedTraining(run), { methods = [] } = run.readRun()!.config.data ?? {};
  const resume = resumeCommand("pipeline", run.path), trained = otherRuns(run);
  const titled = (method: string) => methodOf({ method }).title;
  const provisional = trained.flatMap((other) => {
    const remark = unfinishedTraining(other, resume);
    return remark === undefined ? [] : [{ ...remark, method: titled(basename(other.path)) }];
  });
  const without = [methods as string | string[]].flat().map(String).filter((method) =>
    method !== AUTOMLP && !trained.some(({ path }) => basename(path) === method)
  ).map((method): Unfinished => ({ kind: "unfinished", method: titled(method), resume }));
  return [...own === undefined ? [] : [own], ...provisional, ...without];
}
