/**
 * The command that resumes a run.
 *
 * @module
 */
import { asCalled } from "../../pipeline/terminal/called.ts";
import { quoted } from "../../pipeline/terminal/quoted.ts";
import type { RunFacts } from "../records/records.ts";

/** The command as written in a clone. */
export const resumeCommand = (name: string, run: string): string =>
  `deno task ${name} ${quoted(run)} --resume`;

/** The command that resumes only a training, also that of a refit. */
export const retrainCommand = (run: string): string => `deno task retrain ${quoted(run)}`;

/** A command that only searches, in a clone or by the installed program. */
const SEARCH = /^\S+(?: task)? search\b/;

/** The command shown when a run is stopped: a run that was only a search resumes as one, any other run of AutoMLP as the whole job. */
export function resumedRun(
  { command, sessions, config }: Pick<RunFacts, "command" | "sessions" | "config">,
  run: string,
): string {
  if (config.refit !== undefined) return asCalled(retrainCommand(run)); // a refit
  if (config.method !== "automlp") return asCalled(resumeCommand("train", run));
  const last = sessions.at(-1)?.command ?? command;
  return asCalled(resumeCommand(SEARCH.test(last) ? "search" : "pipeline", run));
}
