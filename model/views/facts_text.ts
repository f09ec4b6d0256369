/**
 * The facts of a run for a terminal, with the same content as in a notebook: results, verdict and remarks, the training by epoch, a few
 * people.
 *
 * @module
 */
import { textTable } from "../../pipeline/display/table.ts";
import { monitored, type ReportFacts } from "../records/report_facts.ts";
import { aFewPeople, fewPeopleCaption, peopleText } from "./people.ts";
import { reportText } from "./report_text.ts";
import { trainTable } from "./training.ts";

/** The short form of the report. */
export function factsText(facts: ReportFacts): string {
  const { insights } = facts, few = insights && aFewPeople(insights);
  return [
    reportText(facts),
    ...trainingOf(facts),
    ...(few && few.people.length > 0 ? [`${fewPeopleCaption(few, facts.metrics)}\n${peopleText(few)}`] : []),
  ].join("\n\n");
}

/** Loss and metrics of the epochs, below a line that says what they are. */
function trainingOf(facts: ReportFacts): string[] {
  const { train, monitor } = facts, metric = monitored(facts);
  if (train.length === 0) return [];
  const protocol = monitor ? `, protocol ${monitor.protocol}` : "";
  const of = metric === undefined ? "" : `, metrics on validation${protocol}`;
  return [`Training by epoch${of}\n${textTable(trainTable(train, { metric }))}`];
}
