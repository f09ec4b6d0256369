/**
 * Writes an experiment's results: as Markdown, LaTeX and CSV for papers and programs, and as a page.
 *
 * @module
 */
import { visible } from "../../pipeline/display/text/visible.ts";
import { jsonText } from "../records/json.ts";
import type { ExperimentResults } from "../records/experiment.ts";
import { headingOf, notesOn, provenanceOf, remarksOn, tablesOf } from "../views/experiment.ts";
import { csvTable, escapeMarkdown, latexTable, markdownTable } from "../views/marked_table.ts";
import type { StudyFolder } from "./study_folder.ts";

/** The files of an experiment's results, below its folder. */
export const RESULT_FILES = {
  data: "results.json",
  markdown: "results.md",
  latex: "results.tex",
  page: "report.html",
} as const;

/** Lines as a Markdown list. */
const listOf = (lines: readonly string[]): string[] =>
  lines.length > 0 ? [lines.map((line) => `- ${line}`).join("\n")] : [];

/** The tables, preceded by the notes on them as comments: they go into a paper without the page. */
function latexOf(results: ExperimentResults, tables: readonly string[]): string {
  const head = ["The rules are those of the package booktabs.", ...notesOn(results), ...remarksOn(results)];
  return [head.map((line) => `% ${visible(line)}`).join("\n"), ...tables].join("\n\n") + "\n";
}

const csvPath = (table: number) => `table-${table + 1}.csv`;

/** Writes all result files, with a CSV file for each table. */
export async function writeResults(folder: StudyFolder, results: ExperimentResults): Promise<void> {
  const tables = tablesOf(results);
  const { dataset: { users, items, interactions }, question } = results;
  const markdown = [
    `# ${escapeMarkdown(headingOf(results))}`,
    ...(question ? [escapeMarkdown(question)] : []),
    `${users} users, ${items} items, ${interactions} interactions.`,
    // A CSV file has no caption.
    ...tables.flatMap((table, i) => [markdownTable(table), `([${csvPath(i)}](${csvPath(i)}))`]),
    ...notesOn(results),
    ...listOf(remarksOn(results).map(escapeMarkdown)),
    ...listOf(provenanceOf(results)),
  ];
  await folder.write(RESULT_FILES.data, jsonText(results));
  await folder.write(RESULT_FILES.markdown, markdown.join("\n\n") + "\n");
  await folder.write(RESULT_FILES.latex, latexOf(results, tables.map(latexTable)));
  for (const [i, table] of tables.entries()) await folder.write(csvPath(i), csvTable(table));
  // Earlier results may have had more tables: a leftover file would be taken for one of these.
  for (let i = tables.length; folder.has(csvPath(i)); i++) await folder.remove(csvPath(i));
  // Drawing is loaded only here.
  const { experimentPage } = await import("../views/experiment_page.ts");
  await folder.write(RESULT_FILES.page, experimentPage(results));
}
