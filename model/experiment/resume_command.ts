/**
 * What `deno task retrain` and `deno task evaluate` have in common: they resume a run.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import type { CommandContext, CommandResult } from "../../pipeline/terminal/command.ts";
import { commandOptions } from "../../pipeline/terminal/config.ts";
import { runDatasetShape, runFolder } from "../../pipeline/terminal/named.ts";
import { quoted } from "../../pipeline/terminal/quoted.ts";
import type { CommandSpec } from "../../pipeline/terminal/options.ts";
import { optionsOf } from "../../pipeline/terminal/schema_options.ts";
import { engineFirst } from "../backend/engine_first.ts";
import { doJob } from "./job.ts";
import { isRefit, isTested, runShape, trainShape } from "./options.ts";
import type { Phase } from "./job_options.ts";
import { presentJob } from "./present.ts";
import { reopenRun } from "./begun.ts";

const asBegun = <S extends z.ZodType>(option: z.ZodDefault<S>) =>
  option.unwrap().optional().meta({ ...option.meta(), fallback: "as in the run" });

/** Options that may differ from how the run was begun. */
const resumeShape = {
  ...runDatasetShape,
  ks: trainShape.ks.unwrap().optional()
    .meta({ ...trainShape.ks.meta(), fallback: "as in the run" }),
  ...runShape,
  resume: runShape.resume.meta({ description: "no effect here: a run is always resumed" }),
  strict: runShape.strict
    .meta({ description: "refuse an engine or versions other than those that the run began with" }),
};

/** Options of how long it is trained, for the step that trains. */
const lasting = { epochs: asBegun(trainShape.epochs), patience: asBegun(trainShape.patience) };

const shapeOf = (phase: Phase) => phase === "retrain" ? { ...lasting, ...resumeShape } : resumeShape;

/** The command's description. */
export function resumeSpec(name: Phase, summary: string, examples: string[]): CommandSpec {
  return {
    name,
    summary,
    positional: "RUN",
    options: optionsOf({ "How it continues": shapeOf(name) }),
    resumedBy: (_flags, config, [run]) =>
      config === undefined && run !== undefined ? `deno task ${name} ${quoted(run)}` : undefined,
    examples,
  };
}

const nothingToEvaluate = (run: string): InputError =>
  new InputError(
    `Cannot evaluate ${run}: it has learnt from all of its data, the test part included; evaluate the run that it was made from`,
  );

/** Opens a run, and resumes it up to a phase. Finished work is not repeated. */
export async function resumeRun(
  phase: Phase,
  { flags, positional, config, command, progress, signal }: CommandContext,
): Promise<CommandResult> {
  const out = runFolder(positional, `deno task ${phase} runs/mine`);
  const { dataset: moved, resume: _resume, ...changes } = await commandOptions(
    z.strictObject(shapeOf(phase)),
    config,
    flags,
  );
  const { folder, facts, options, dataset } = await reopenRun(out, moved);
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const evaluateOnly = phase === "evaluate";
  if (evaluateOnly) {
    folder.checkModel();
    if (!isTested(options)) throw nothingToEvaluate(out);
  }
  engineFirst(changes.engine);
  return presentJob(
    // A command writes only where its own command line says: events go where this one says, not an earlier one.
    await doJob(dataset, {
      ...options,
      ...given,
      tensorboard: changes.tensorboard,
      // A refit has no separate search step, so resuming it runs to its end.
      until: isRefit(options) && isTested(options) ? "evaluate" : phase,
      resume: true,
    }, {
      out,
      named: given,
      seed: facts.seed,
      command,
      evaluateOnly,
      evaluateAnew: evaluateOnly,
      asSelected: true,
      progress,
      signal,
    }),
  );
}
