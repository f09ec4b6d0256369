/**
 * The facts of a run for a notebook: results, selected length, training, remarks.
 *
 * @module
 */
import { line } from "../../pipeline/display/fragment.ts";
import { htmlTable } from "../../pipeline/display/table.ts";
import { withDisplay } from "../../pipeline/display/with_display.ts";
import type { ReportFacts } from "../records/report_facts.ts";
import { choice, clarity, remarks, trainingNote } from "./report_tables.ts";
import { reportText } from "./report_text.ts";
import { mainTables } from "./results.ts";

/** The facts, which show themselves. */
export const factsWithDisplay = (facts: ReportFacts): ReportFacts =>
  withDisplay(facts, { text: () => reportText(facts), html: () => factsHtml(facts) });

/** As an HTML fragment: the short form of the report. */
export function factsHtml(facts: ReportFacts): string {
  const { architecture, metrics } = facts;
  const words = [
    ...(architecture ? [choice(architecture), clarity(architecture)] : []),
    trainingNote(facts),
    ...remarks(facts).map((remark) => `⚠ ${remark}`),
  ].filter((text) => text !== undefined);
  return (metrics ? mainTables(metrics).map(htmlTable).join("") : "") + words.map(line).join("");
}
