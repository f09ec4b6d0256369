/**
 * What closes a job, however far it went: the report of what there is.
 *
 * @module
 */
import { profileOf } from "../../../pipeline/inspect/mod.ts";
import type { ReportFacts } from "../../records/report_facts.ts";
import { reportFacts, reportHtml } from "../../report/mod.ts";
import type { JobWork } from "./phase.ts";

/** Leaves the report. The run is done when this is done. */
export async function report(
  { folder, dataset, options: { metric, protocol } }: JobWork,
): Promise<ReportFacts> {
  // The data of a run do not change.
  if (!folder.readProfile()) await folder.writeProfile(await profileOf(dataset));
  const collected = reportFacts(folder, dataset.manifest, { metric, protocol });
  const facts: ReportFacts = { ...collected, run: { ...collected.run, status: "done" } };
  await folder.writeReport(await reportHtml(facts));
  return facts;
}
