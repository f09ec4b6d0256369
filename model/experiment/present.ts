/**
 * The output of a command of the job when it is done.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { dataLines } from "../../pipeline/contract/dataset/prepared.ts";
import { visible } from "../../pipeline/display/text/visible.ts";
import { asCalled } from "../../pipeline/terminal/called.ts";
import type { CommandResult } from "../../pipeline/terminal/command.ts";
import { quoted } from "../../pipeline/terminal/quoted.ts";
import { reportText } from "../report/mod.ts";
import { FILES } from "../runs/files.ts";
import { betterOne } from "../views/results.ts";
import { warningsOf } from "../views/report.ts";
import type { JobResult } from "./job.ts";

/** The next step for an unfinished run; for a finished one, what it can be used for. */
function nextStep({ run, facts }: JobResult): string {
  const place = quoted(run.path);
  const recommend = `Next: deno task recommend ${place}`;
  const better = betterOne(facts);
  if (better !== undefined) {
    return `Next: ${better} is significantly better; docs/reading.md (What to do next) explains what to do. To see the recommendations of this model anyway: deno task recommend ${place}`;
  }
  const { training: { trainOn }, refit } = facts.run.config;
  if (facts.metrics && refit) {
    const source = quoted(refit.of),
      more = `deno task refit ${source} for a model that also learns from the test interactions`;
    // A method's run inside another one has its figures there.
    return existsSync(join(refit.of, FILES.metrics.path))
      ? `Next: deno task compare ${place} ${source} for what it gains, or ${more}`
      : `Next: ${more}`;
  }
  if (facts.metrics) {
    return `${recommend}, or deno task refit ${place} for a model that also learns from the test interactions`;
  }
  if (trainOn === "all" && run.hasModel) return recommend;
  return facts.train.length > 0 ? `Next: deno task evaluate ${place}` : `Next: deno task retrain ${place}`;
}

/** The closing table and the path of the report; for programs, the same as data. */
export function presentJob(result: JobResult): CommandResult {
  const { run, facts } = result;
  const { architecture, metrics, run: { status, times, parameters } } = facts;
  return {
    // Warnings given during the work are not repeated.
    text: (warned) =>
      [
        dataLines(facts.manifest).map(visible).join("\n"),
        reportText(facts, (warning) => warned.includes(asCalled(warning))),
        `Report: ${run.reportPath}\n${asCalled(nextStep(result))}`,
      ].join("\n\n"),
    json: { folder: run.path, report: run.reportPath, status, architecture, metrics, times, parameters },
    warnings: warningsOf(facts),
  };
}
