/**
 * The result of a job, for display.
 *
 * @module
 */
import { line } from "../../pipeline/display/cell/fragment.ts";
import { withDisplay } from "../../pipeline/display/with_display.ts";
import type { ReportFacts } from "../records/report_facts.ts";
import { factsHtml } from "./report_html.ts";
import { factsText } from "./facts_text.ts";
import { warningsOf } from "./report_tables.ts";

/** What is shown of a job's result. */
interface Shown {
  run: { path: string; reportPath: string };
  facts: ReportFacts;
}

/** A job's result that shows itself: results, verdict, selected length, training, a few people, remarks, the path of the report. */
export function jobWithDisplay<T extends Shown>(result: T): T {
  const { run, facts } = result, place = `Report: ${run.reportPath}`;
  return withDisplay(result, {
    text: () => `${factsText(facts)}\n\n${place}`,
    html: async () => await factsHtml(facts) + line(place),
    warnings: () => warningsOf(facts),
    grown: () => facts.train.length > 0 ? run.path : undefined,
  });
}
