/**
 * Reports on runs: HTML files and the closing lines of a command.
 *
 * @module
 */
import type { ReportFacts } from "../records/report_facts.ts";
import type { RunComparison } from "./comparison.ts";

export { reportFacts } from "./facts.ts";
export { reportText } from "../views/report.ts";

/**
 * Returns the report on a run as the text of a self-contained `.html` file, which loads nothing from the network and has a light and a dark
 * theme.
 *
 * The drawing code is loaded only when this is called.
 * @example
 * ```ts
 * import { prepare, reportHtml, runJob } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const { facts } = await runJob(dataset, { method: "gru4rec", dim: 8, epochs: 1 }, { out: `${out}-run` });
 * await Deno.writeTextFile(`${out}.html`, await reportHtml(facts));
 * ```
 */
export async function reportHtml(facts: ReportFacts): Promise<string> {
  const { reportPage } = await import("./html.ts");
  return reportPage(facts);
}

/**
 * Returns a comparison with its figures as the text of a self-contained `.html` file, which loads nothing from the network and has a light
 * and a dark theme. The drawing code is loaded only when this is called.
 *
 * @throws {InputError} if the argument is not a result of `compareRuns`.
 * @example
 * ```ts
 * import { compareRuns, comparisonHtml, prepare, runJob } from "automlp";
 *
 * const out = await Deno.makeTempDir(), runs = [`${out}-wide`, `${out}-narrow`];
 * const { dataset } = await prepare({ dataset: "demo", out });
 * for (const [i, dim] of [16, 4].entries()) {
 *   await runJob(dataset, { method: "gru4rec", dim, length: 10, epochs: 1 }, { out: runs[i] });
 * }
 * await Deno.writeTextFile(`${out}.html`, await comparisonHtml(compareRuns(runs)));
 * ```
 */
export async function comparisonHtml(comparison: RunComparison): Promise<string> {
  const { comparisonPage } = await import("./comparison_page.ts");
  return comparisonPage(comparison);
}
