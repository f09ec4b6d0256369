/**
 * `deno task retrain`: trains the network with the selected length, in a run folder that a search has filled.
 *
 * @module
 */
import { runCommand } from "../../pipeline/terminal/command.ts";
import { resumeRun, resumeSpec } from "../experiment/resume_command.ts";

const SPEC = resumeSpec(
  "retrain",
  "Trains the network with the selected length, in a run folder that a search has filled.",
  ["deno task retrain runs/mine"],
);

/** Runs the command; returns its exit code. */
export function main(args: string[]): Promise<number> {
  return runCommand(SPEC, args, (context) => resumeRun("retrain", context));
}

if (import.meta.main) Deno.exit(await main(Deno.args));
