/**
 * What `deno task retrain` and `deno task evaluate` have in common: they resume a run.
 *
 * @module
 */
import { z } from "zod";
import type { CommandContext, CommandResult } from "../../pipeline/terminal/command.ts";
import { commandOptions } from "../../pipeline/terminal/config.ts";
import { runDatasetShape, runFolder } from "../../pipeline/terminal/named.ts";
import type { CommandSpec } from "../../pipeline/terminal/options.ts";
import { optionsOf } from "../../pipeline/terminal/schema_options.ts";
import { runJob } from "./job.ts";
import { runShape, trainShape } from "./options.ts";
import type { Phase } from "./job_options.ts";
import { presentJob } from "./present.ts";
import { reopenRun } from "./reopen.ts";

const { resume: _always, ...run } = runShape;
/** What may differ from how the run was begun. */
const resumeShape = {
  ...runDatasetShape,
  ks: trainShape.ks.unwrap().optional()
    .meta({ ...trainShape.ks.meta(), fallback: "as the run has them" }),
  ...run,
};

/** The command's description. */
export function resumeSpec(name: string, summary: string, examples: string[]): CommandSpec {
  return {
    name,
    summary,
    positional: "RUN",
    options: optionsOf({ "How it continues": resumeShape }),
    examples,
  };
}

/** Resumes a run up to a phase. What is finished is not done again. */
export async function resumeRun(
  phase: Phase,
  { flags, positional, config, command, progress, signal }: CommandContext,
): Promise<CommandResult> {
  const out = runFolder(positional, `deno task ${phase}`);
  const { dataset: moved, data: _gone, ...changes } = commandOptions(
    z.strictObject(resumeShape),
    config,
    flags,
  );
  const { facts, options, dataset } = await reopenRun(out, moved);
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  return presentJob(
    // Where a command may write is on its own line: events go where this one says, not where another said.
    await runJob(dataset, {
      ...options,
      ...given,
      tensorboard: changes.tensorboard,
      until: phase,
      resume: true,
    }, {
      out,
      seed: facts.seed,
      command,
      evaluateOnly: phase === "evaluate",
      progress,
      signal,
    }),
  );
}
