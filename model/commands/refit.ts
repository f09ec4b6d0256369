/**
 * `deno task refit`: trains the network of a run once more, on all of its data to make a model for serving, or on all
 * but the test data.
 *
 * @module
 */
import { z } from "zod";
import { runCommand } from "../../pipeline/terminal/command.ts";
import { commandOptions } from "../../pipeline/terminal/config.ts";
import { defaultRefitFolder } from "../runs/default_folders.ts";
import { runDatasetShape, runFolder } from "../../pipeline/terminal/named.ts";
import type { CommandSpec } from "../../pipeline/terminal/options.ts";
import { optionsOf } from "../../pipeline/terminal/schema_options.ts";
import { engineFirst } from "../backend/engine_first.ts";
import { refuseRunIn, reopenRun } from "../experiment/begun.ts";
import { placeShape, runShape, trainShape } from "../experiment/options.ts";
import { presentJob } from "../experiment/present.ts";
import { adjustmentOf, checkNoModelAlone, refitRun, refittedEpochs } from "../experiment/refit.ts";
import { holdsRun } from "../runs/free_folder.ts";
import { retrainCommand } from "../views/epochs.ts";

const ownShape = {
  holdOut: z.enum(["none", "test"]).default("none").meta({
    title: "PART",
    description:
      "part that stays held out; with test, the refit learns from the training and validation interactions and is tested as the run was",
  }),
  out: placeShape.out.meta({ ...placeShape.out.meta(), fallback: "RUN-refit, or RUN-refit-tested" }),
  epochs: trainShape.epochs.unwrap().optional().meta({
    title: "N",
    description: "number of epochs",
    fallback: "the best number in the run",
  }),
  ...runDatasetShape,
  ...runShape,
  resume: runShape.resume.meta({ description: "resume the refit in the folder" }),
};

const EXAMPLE = "deno task refit runs/mine";

const REFIT: CommandSpec = {
  name: "refit",
  summary:
    "Trains a run's network once more, from the beginning, on all interactions, including those held out for validation and test: the model to serve. The run's own figures say how good it is; --hold-out test measures one that has learnt everything but the test interactions.",
  positional: "RUN",
  options: optionsOf({ "What is trained, and where it goes": ownShape }),
  resumedBy: ({ out, holdOut }, config, [run]) => {
    const place = out ?? (run && defaultRefitFolder(run, holdOut as string));
    return config === undefined && typeof place === "string" && holdsRun(place)
      ? retrainCommand(place)
      : undefined;
  },
  examples: [
    EXAMPLE,
    `${EXAMPLE} --out runs/serve`,
    "deno task recommend runs/serve --out lists.csv",
    `${EXAMPLE} --hold-out test`,
  ],
};

/** Runs the command; returns its exit code. */
export function main(args: string[]): Promise<number> {
  return runCommand(REFIT, args, async ({ flags, positional, config, command, progress, signal }) => {
    const { holdOut, ...options } = await commandOptions(
      z.strictObject(ownShape),
      config,
      flags,
    );
    const path = runFolder(positional, EXAMPLE), out = options.out ?? defaultRefitFolder(path, holdOut);
    checkNoModelAlone(path);
    const run = await reopenRun(path, options.dataset);
    refittedEpochs(run);
    if (holdOut === "test") adjustmentOf(run.folder);
    refuseRunIn(out, options.resume);
    engineFirst(options.engine);
    return presentJob(await refitRun(run, { ...options, holdOut, out, progress, signal }, { command }));
  });
}

if (import.meta.main) Deno.exit(await main(Deno.args));
