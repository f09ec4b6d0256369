/**
 * `deno task evaluate`: ranks every validation and test positive by a run's model and by the baselines, and writes the report.
 *
 * @module
 */
import { runCommand } from "../../pipeline/terminal/command.ts";
import { resumeRun, resumeSpec } from "../experiment/resume_command.ts";

const SPEC = resumeSpec(
  "evaluate",
  "Ranks every validation and test positive by a run's model and by the baselines, and writes the report.",
  ["deno task evaluate runs/mine", "deno task evaluate runs/mine --ks 1,5,10,50"],
);

/** Runs the command; returns its exit code. */
export function main(args: string[]): Promise<number> {
  return runCommand(
    SPEC,
    args,
    (context) => resumeRun("evaluate", context),
  );
}

if (import.meta.main) Deno.exit(await main(Deno.args));
