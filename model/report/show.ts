/**
 * The facts of a run for a notebook: results, selected length, training, remarks.
 *
 * @module
 */
import { line } from "../../pipeline/display/fragment.ts";
import { withDisplay } from "../../pipeline/display/with_display.ts";
import { htmlTable } from "../../pipeline/display/table.ts";
import { collectFacts, type ReportFacts } from "./facts.ts";
import { mainTables } from "../views/results.ts";
import { choice, clarity, remarks, trainingNote } from "./tables.ts";
import { reportText } from "./text.ts";

/** {@link collectFacts}, which show themselves. */
export const reportFacts = (...args: Parameters<typeof collectFacts>): ReportFacts => {
  const facts = collectFacts(...args);
  return withDisplay(facts, { text: () => reportText(facts), html: () => factsHtml(facts) });
};

/** As an HTML fragment: the short form of the report. */
export function factsHtml(facts: ReportFacts): string {
  const { architecture, metrics } = facts;
  const words = [
    ...(architecture ? [choice(architecture), architecture.clear ? clarity(architecture) : undefined] : []),
    trainingNote(facts),
    ...remarks(facts).map((remark) => `⚠ ${remark}`),
  ].filter((text) => text !== undefined);
  return (metrics ? mainTables(metrics).map(htmlTable).join("") : "") + words.map(line).join("");
}
