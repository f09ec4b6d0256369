/**
 * Writes an experiment's results: as Markdown, LaTeX and CSV for papers and programs, and as a page.
 *
 * @module
 */
import { visible } from "../../pipeline/display/text/visible.ts";
import { jsonText } from "../records/json.ts";
import type { ExperimentResults } from "../records/experiment.ts";
import { notesOn, tablesOf } from "../views/experiment.ts";
import { headingOf, provenanceOf, remarksOn } from "../views/experiment_tables.ts";
import { csvTable, escapeMarkdown, latexTable, markdownTable } from "../views/marked_table.ts";
import type { StudyFolder } from "./study_folder.ts";

/** The files that an experiment ends with, below its folder. */
export const RESULT_FILES = {
  data: "results.json",
  markdown: "results.md",
  latex: "results.tex",
  page: "report.html",
} as const;

/** Lines as a list of Markdown. */
const listOf = (lines: readonly string[]): string[] =>
  lines.length > 0 ? [lines.map((line) => `- ${line}`).join("\n")] : [];

/** What to know of the tables, as comments: they go into a paper without the page. */
const latexHead = (results: ExperimentResults): string =>
  ["The rules are those of the package booktabs.", ...notesOn(results), ...remarksOn(results)]
    .map((line) => `% ${visible(line)}`).join("\n");

const csvPath = (table: number) => `table-${table + 1}.csv`;

/** Writes all of them; a table of CSV each. */
export async function writeResults(folder: StudyFolder, results: ExperimentResults): Promise<void> {
  const tables = tablesOf(results);
  const { dataset: { users, items, interactions }, question } = results;
  const markdown = [
    `# ${escapeMarkdown(headingOf(results))}`,
    ...(question ? [escapeMarkdown(question)] : []),
    `${users} users, ${items} items, ${interactions} interactions.`,
    // A file of CSV has no caption.
    ...tables.flatMap((table, i) => [markdownTable(table), `([${csvPath(i)}](${csvPath(i)}))`]),
    ...notesOn(results),
    ...listOf(remarksOn(results).map(escapeMarkdown)),
    ...listOf(provenanceOf(results)),
  ];
  await folder.write(RESULT_FILES.data, jsonText(results));
  await folder.write(RESULT_FILES.markdown, markdown.join("\n\n") + "\n");
  await folder.write(RESULT_FILES.latex, [latexHead(results), ...tables.map(latexTable)].join("\n\n") + "\n");
  for (const [i, table] of tables.entries()) await folder.write(csvPath(i), csvTable(table));
  // Earlier results may have had more tables: what is left of them would be read as one of these.
  for (let i = tables.length; folder.has(csvPath(i)); i++) await folder.remove(csvPath(i));
  // Drawing is loaded only here.
  const { experimentPage } = await import("../views/experiment_page.ts");
  await folder.write(RESULT_FILES.page, experimentPage(results));
}
