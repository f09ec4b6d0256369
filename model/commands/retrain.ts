/**
 * `deno task retrain`: trains the network with the selected length from fresh weights, in a run folder that a search has filled.
 *
 * @module
 */
import { runCommand } from "../../pipeline/terminal/command.ts";
import { continueRun, continueSpec } from "../experiment/resume.ts";

const SPEC = continueSpec(
  "retrain",
  "Trains the network with the selected length from fresh weights, in a run folder that a search has filled.",
  ["deno task retrain runs/mine"],
);

/** Runs the command; returns its exit code. */
export function main(args: string[]): Promise<number> {
  return runCommand(SPEC, args, (context) => continueRun("retrain", ["deno task retrain", ...args], context));
}

if (import.meta.main) Deno.exit(await main(Deno.args));
