/**
 * What a command of the job says when it is done.
 *
 * @module
 */
import type { CommandResult } from "../../pipeline/terminal/command.ts";
import { reportText } from "../report/mod.ts";
import type { JobResult } from "./job.ts";

/** The closing table and the path of the report; for programs, the same as data. */
export function presentJob({ run, facts }: JobResult): CommandResult {
  const { architecture, metrics, run: { status, times, parameters } } = facts;
  return {
    text: `${reportText(facts)}\n\nReport: ${run.reportPath}`,
    json: { folder: run.path, report: run.reportPath, status, architecture, metrics, times, parameters },
  };
}
