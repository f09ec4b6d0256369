/**
 * What a command of the job says when it is done.
 *
 * @module
 */
import { formatCell } from "../../pipeline/display/table.ts";
import type { CommandResult } from "../../pipeline/terminal/command.ts";
import { reportText } from "../report/mod.ts";
import type { ReportFacts } from "../records/report_facts.ts";
import type { JobResult } from "./job.ts";

/** What the data came to, and what was dropped on the way. */
function dataLine({ counts: { interactions, users, items }, stages }: ReportFacts["manifest"]): string {
  const dropped = stages.flatMap(({ dropped }) =>
    dropped.map(({ rows, reason }) => `${formatCell(rows)} ${reason}`)
  );
  return `Data: ${formatCell(interactions)} interactions of ${formatCell(users)} users with ${
    formatCell(items)
  } items${dropped.length > 0 ? `; dropped: ${dropped.join("; ")}` : ""}`;
}

/** The closing table and the path of the report; for programs, the same as data. */
export function presentJob({ run, facts }: JobResult): CommandResult {
  const { architecture, metrics, run: { status, times, parameters } } = facts;
  return {
    text: `${dataLine(facts.manifest)}\n\n${reportText(facts)}\n\nReport: ${run.reportPath}`,
    json: { folder: run.path, report: run.reportPath, status, architecture, metrics, times, parameters },
  };
}
