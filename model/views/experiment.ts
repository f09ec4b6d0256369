/**
 * An experiment's results for a terminal and a notebook.
 *
 * @module
 */
import { spoken } from "../../pipeline/display/text/option_names.ts";
import { line } from "../../pipeline/display/cell/fragment.ts";
import { textTable } from "../../pipeline/display/table.ts";
import { withDisplay } from "../../pipeline/display/with_display.ts";
import type { ExperimentResults } from "../records/experiment.ts";
import {
  adjustedIn,
  COST_NOTE,
  costTable,
  type Marking,
  marksNote,
  qualityTables,
  remarksOn,
  scalingTable,
  tunedTable,
} from "./experiment_tables.ts";
import { tauNote } from "./evaluation.ts";
import { markedHtml, type MarkedTable, plainTable } from "./marked_table.ts";

/** All tables that have rows. */
export const tablesOf = (results: ExperimentResults): MarkedTable[] =>
  [...qualityTables(results), tunedTable(results), costTable(results), scalingTable(results)]
    .filter((table) => table !== undefined && table.rows.length > 0) as MarkedTable[];

/** Notes on the quality tables; empty if nothing was evaluated. */
export const qualityNotes = (results: ExperimentResults, marking?: Marking): string[] => [
  ...(results.protocols.length > 0 ? [marksNote(results, marking)] : []),
  ...(results.protocols.some((protocol) => adjustedIn(results, protocol))
    ? [`${tauNote("validation")}.`]
    : []),
];

/** Notes on the cost table, if it has rows of AutoMLP and of other methods. */
export function costNotes({ rows }: ExperimentResults): string[] {
  const kinds = new Set(
    rows.filter(({ cells }) => cells.length > 0).map(({ method }) => method === "automlp"),
  );
  return kinds.size > 1 ? [COST_NOTE] : [];
}

/** The notes under the tables. */
export const notesOn = (results: ExperimentResults, marking?: Marking): string[] => [
  ...qualityNotes(results, marking),
  ...costNotes(results),
];

/** The results as text. */
export const experimentText = (results: ExperimentResults): string =>
  [
    ...tablesOf(results).map((table) => textTable(plainTable(table))),
    [...notesOn(results, "signs"), ...remarksOn(results)].map(spoken).join("\n"),
  ].filter((text) => text !== "").join("\n\n");

/** Results that show themselves. */
export function experimentWithDisplay(results: ExperimentResults): ExperimentResults {
  return withDisplay(results, {
    text: () => experimentText(results),
    html: () =>
      tablesOf(results).map((table) => markedHtml(table).html).join("") +
      [...notesOn(results), ...remarksOn(results)].map(spoken).map(line).join(""),
  });
}
