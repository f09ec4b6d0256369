/**
 * Reports on runs: an HTML file and the closing lines of a command.
 *
 * @module
 */
import { checkCall } from "../../pipeline/contract/arguments.ts";
import { REPORT_FACTS, type ReportFacts } from "../records/report_facts.ts";

export { reportFacts } from "./facts.ts";
export { reportText } from "../views/report_text.ts";

/**
 * The report on a run as the text of an `.html` file: one file, no network, light or dark.
 *
 * Drawing is loaded only here.
 * @example
 * ```ts
 * import { prepare, reportHtml, runJob } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const sizes = { dim: 8, length: 10 };
 * const { facts } = await runJob(dataset, { method: "gru4rec", sizes, epochs: 1 }, { out: `${out}-run` });
 * await Deno.writeTextFile(`${out}.html`, await reportHtml(facts));
 * ```
 */
export async function reportHtml(facts: ReportFacts): Promise<string> {
  checkCall("reportHtml(reportFacts(run, dataset.manifest))", [facts, REPORT_FACTS]);
  const { reportPage } = await import("./html.ts");
  return reportPage(facts);
}
