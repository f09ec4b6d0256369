/**
 * The facts of a run for a notebook: results, selected length, training, remarks.
 *
 * @module
 */
import { spoken } from "../../pipeline/display/text/option_names.ts";
import { line, withImages } from "../../pipeline/display/cell/fragment.ts";
import { columns } from "../../pipeline/display/page.ts";
import { withDisplay } from "../../pipeline/display/with_display.ts";
import { monitored, type ReportFacts } from "../records/report_facts.ts";
import { dataLines } from "../../pipeline/contract/dataset/data_lines.ts";
import { choice, clarityOf, remarks, trainingNote } from "./report_tables.ts";
import { factsText } from "./facts_text.ts";
import { aFewPeople, fewPeopleCaption, peopleHtml } from "./people.ts";
import { mainTable } from "./main_table.ts";
import { markedHtml } from "./marked_table.ts";
import { mainSplit, notesOf, resultsOf } from "./results.ts";
import { verdict } from "./verdict.ts";

/** Facts that show themselves. */
export const factsWithDisplay = (facts: ReportFacts): ReportFacts =>
  withDisplay(facts, { text: () => factsText(facts), html: () => factsHtml(facts) });

/** The short form of the report as an HTML fragment. Drawing is loaded only here. */
export async function factsHtml(facts: ReportFacts): Promise<string> {
  const { architecture, metrics, insights, train, monitor } = facts, split = metrics && mainSplit(metrics);
  const words = [
    ...verdict(facts).slice(0, 1),
    facts.manifest.truth,
    ...(architecture ? [choice(architecture), clarityOf(facts)] : []),
    trainingNote(facts),
    ...dataLines(facts.manifest),
    ...remarks(facts).map((remark) => `⚠ ${spoken(remark)}`),
  ].filter((text) => text !== undefined);
  const { trainingFigures } = await import("./figures.ts");
  const curves = train.length > 0
    ? columns(...trainingFigures(train, monitored(facts), monitor?.protocol)).html
    : "";
  const few = insights && aFewPeople(insights);
  const people = few ? line(fewPeopleCaption(few, metrics)) + peopleHtml(few) : "";
  return [
    ...words.map(line),
    split ? markedHtml(mainTable(metrics, split)).html : "",
    ...(split ? notesOf(metrics, resultsOf(metrics, split)).map(line) : []),
    withImages(curves),
    people,
  ].join("");
}
