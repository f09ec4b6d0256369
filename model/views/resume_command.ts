/**
 * The command that resumes a run.
 *
 * @module
 */
import { asCalled } from "../../pipeline/terminal/called.ts";
import { quoted } from "../../pipeline/terminal/quoted.ts";
import type { RunFacts } from "../records/records.ts";

/** As a clone calls it. */
export const resumeCommand = (name: string, run: string): string =>
  `deno task ${name} ${quoted(run)} --resume`;

/** The one that resumes a training alone, also that of a refit. */
export const retrainCommand = (run: string): string => `deno task retrain ${quoted(run)}`;

/** A search alone, in a clone or by the installed program. */
const SEARCH = /^\S+(?: task)? search\b/;

/** As whoever stops it is told: a search that was asked for alone goes on as that, all else of AutoMLP's as the whole job. */
export function resumedRun(
  { command, sessions, method, config }: Pick<RunFacts, "command" | "sessions" | "method" | "config">,
  run: string,
): string {
  if (config.trainOn !== undefined) return asCalled(retrainCommand(run)); // a refit
  if (method !== undefined && method.name !== "automlp") return asCalled(resumeCommand("train", run));
  const last = sessions?.at(-1)?.command ?? command;
  return asCalled(resumeCommand(SEARCH.test(last) ? "search" : "pipeline", run));
}
