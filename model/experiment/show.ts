/**
 * What a job leaves, for people.
 *
 * @module
 */
import { line } from "../../pipeline/display/fragment.ts";
import { withDisplay } from "../../pipeline/display/with_display.ts";
import { type ReportFacts, reportText } from "../report/mod.ts";
import { factsHtml } from "../report/show.ts";
import type { RunFolder } from "../runs/folder.ts";

/** A job's result, which shows itself: results, selected length, training, remarks, the place of the report. */
export function jobWithDisplay<T extends { run: RunFolder; facts: ReportFacts }>(result: T): T {
  const { run, facts } = result, place = `Report: ${run.reportPath}`;
  return withDisplay(result, {
    text: () => `${reportText(facts)}\n\n${place}`,
    html: () => factsHtml(facts) + line(place),
  });
}
