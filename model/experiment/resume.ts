/**
 * Goes on with a run: what `deno task retrain` and `deno task evaluate` have in common.
 *
 * @module
 */
import { z } from "zod";
import type { CommandContext, CommandResult } from "../../pipeline/terminal/command.ts";
import { commandOptions } from "../../pipeline/terminal/config.ts";
import { runDatasetShape, runFolder } from "../../pipeline/terminal/named.ts";
import type { CommandSpec } from "../../pipeline/terminal/options.ts";
import { fillFromSchema, optionsOf } from "../../pipeline/terminal/schema_options.ts";
import { RUN_FLAGS } from "./flags.ts";
import { runJob } from "./job.ts";
import { jobShape, type Phase } from "./options.ts";
import { presentJob } from "./present.ts";
import { reopenRun } from "./reopen.ts";

/** What may differ from how the run was begun. */
const { backend, threads, budget } = jobShape;
const continueSchema = z.strictObject({
  ...runDatasetShape,
  ks: jobShape.ks.unwrap().optional(),
  ...{ backend, threads, budget },
});

/** The command's description. */
export function continueSpec(name: string, summary: string, examples: string[]): CommandSpec {
  const { resume: _always, ...flags } = RUN_FLAGS;
  return {
    name,
    summary,
    positional: "RUN",
    options: fillFromSchema(continueSchema.shape, {
      "How it continues": {
        ...optionsOf({ dataset: runDatasetShape }).dataset,
        ks: {
          kind: "list",
          value: "K,K,…",
          help: "cut-offs of the metrics",
          fallback: "as the run has them",
        },
        ...flags,
      },
    }),
    examples,
  };
}

/** Goes on with a run up to a phase. What is finished is not done again. */
export async function continueRun(
  phase: Phase,
  command: string[],
  { flags, positional, config, progress, signal }: CommandContext,
): Promise<CommandResult> {
  const out = runFolder(positional, command[0]);
  const { dataset: moved, data: _gone, ...changes } = commandOptions(continueSchema, config, flags);
  const { facts, options, dataset } = await reopenRun(out, moved);
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  return presentJob(
    await runJob(dataset, { ...options, ...given, until: phase, resume: true }, {
      out,
      seed: facts.seed,
      command: command.join(" "),
      evaluateOnly: phase === "evaluate",
      progress,
      signal,
    }),
  );
}
