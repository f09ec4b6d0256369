/**
 * A run in a few lines, for the end of a command.
 *
 * @module
 */
import { spoken } from "../../pipeline/display/text/option_names.ts";
import { checkCall } from "../../pipeline/contract/options/arguments.ts";
import { formatCell, textTables } from "../../pipeline/display/table.ts";
import { formatBytes, formatSeconds } from "../../pipeline/display/text/units.ts";
import { visible } from "../../pipeline/display/text/visible.ts";
import { REPORT_FACTS, type ReportFacts } from "../records/report_facts.ts";
import { mainSplit, notesOf, resultsOf } from "./results.ts";
import { verdict } from "./verdict.ts";
import * as tables from "./report_tables.ts";

/**
 * Returns the results, the selected length, time and memory, and remarks as text for a terminal.
 *
 * @param isSaid Whether a warning was already shown, so that it is left out. Default: none was.
 * @example
 * ```ts
 * import { prepare, reportText, runJob } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const { facts } = await runJob(dataset, { method: "gru4rec", dim: 8, epochs: 1 }, { out: `${out}-run` });
 * console.log(reportText(facts));
 * ```
 */
export function reportText(facts: ReportFacts, isSaid: (warning: string) => boolean = () => false): string {
  checkCall(
    "reportText(reportFacts(run, dataset.manifest))",
    [facts, REPORT_FACTS],
    [isSaid, { what: "a function, or nothing", fits: (value) => typeof value === "function" }],
  );
  const { run, manifest, metrics, architecture } = facts, split = metrics && mainSplit(metrics);
  const results = split ? resultsOf(metrics, split) : [];
  const numbers = [
    ...(run.parameters === undefined ? [] : [`${formatCell(run.parameters)} parameters`]),
    formatSeconds(tables.totalSeconds(facts)),
    formatBytes(run.peakMemoryBytes),
    `${run.backend.name} engine`,
  ];
  const lines = [
    `${run.title} on ${manifest.name} (${run.dataset.hash.slice(0, 8)}), seed ${run.seed}: ${
      numbers.join(", ")
    }`,
    ...verdict(facts).slice(0, 1),
    manifest.truth,
    ...(architecture ? [tables.choice(architecture), tables.clarityOf(facts)] : []),
    tables.trainingNote(facts),
    tables.refitNote(facts),
    ...(metrics ? notesOf(metrics, results) : []),
    ...tables.remarks(facts).filter((remark) => !isSaid(remark)).map((remark) =>
      `warning: ${spoken(remark)}`
    ),
  ].filter((line) => line !== undefined);
  return [textTables(results.map(({ table }) => table)), lines.map(visible).join("\n")]
    .filter((text) => text !== "").join("\n\n");
}
