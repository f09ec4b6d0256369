/**
 * `deno task tune`: searches a method's options on validation.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import { DEFAULT_SEED } from "../../pipeline/contract/random.ts";
import { size } from "../../pipeline/contract/options/shapes.ts";
import { readDataset } from "../../pipeline/contract/dataset/store.ts";
import { asCalled } from "../../pipeline/terminal/called.ts";
import { runCommand } from "../../pipeline/terminal/command.ts";
import { commandOptions, readConfigFile } from "../../pipeline/terminal/config.ts";
import { datasetFolder, datasetShape } from "../../pipeline/terminal/named.ts";
import { defaultTuningFolder } from "../runs/default_folders.ts";
import { type CommandSpec, parseCommandLine } from "../../pipeline/terminal/options.ts";
import { quoted } from "../../pipeline/terminal/quoted.ts";
import { optionsOf } from "../../pipeline/terminal/schema_options.ts";
import { engineFirst } from "../backend/engine_first.ts";
import { Budget } from "../experiment/cost.ts";
import { AUTOMLP, placeShape, trainShape } from "../experiment/options.ts";
import type { TuningResults } from "../records/tuning.ts";
import { studyShape } from "../studies/options.ts";
import type { MethodName } from "../methods/method_options.ts";
import { METHODS } from "../methods/registry.ts";
import { checkSpace, declaredSpace, type Space } from "../studies/space.ts";
import { tune } from "../studies/tune.ts";
import { TUNERS } from "../studies/plan_input.ts";
import { LEAST_EPOCHS } from "../studies/tuning_plan.ts";
import { nothingFound, TUNING_FILES } from "../studies/write_tuning.ts";

const ownShape = {
  method: z.string().optional().meta({ title: "NAME", description: `method to tune: ${METHODS.join(", ")}` }),
  ...datasetShape,
  out: z.string().min(1).optional().meta({
    title: "DIR",
    description: "folder of the trials; an earlier one is resumed",
    fallback: "results/tune-METHOD-DATASET",
  }),
  space: z.string().min(1).optional().meta({
    title: "FILE",
    description: "YAML file of options, each with a list of values or a range { min, max, scale, whole }",
    fallback: "what the method's options declare; see below",
  }),
  tuner: z.enum(TUNERS).default("halving").meta({
    description:
      "how configurations are tried: many for a few epochs and the better of them for more, random ones to their end, or all of a grid",
  }),
  trials: z.int().positive().optional()
    .meta({
      title: "N",
      description:
        "maximum number of configurations; except in a grid, the first is the defaults, or what the space has nearest to them, trained to the end",
      fallback: "20; all of a grid",
    }),
  leastEpochs: z.int().positive().optional().meta({
    title: "N",
    description: "with --tuner halving: minimum number of epochs before the first comparison",
    fallback: String(LEAST_EPOCHS),
  }),
  seed: placeShape.seed.meta({ title: "N", description: "seed of the draws, and of every training" }),
  memory: size.optional().meta({
    title: "SIZE",
    description:
      "memory limit for a training, as in 2GiB; configurations expected to need more are left out and counted",
  }),
  ...studyShape,
};

const { epochs, patience, metric, protocol, validationUsers, keepSeen } = trainShape;
/** Options that all trials have. */
const trainingShape = {
  epochs: epochs.unwrap().default(30).meta(epochs.meta()!),
  patience: patience.unwrap().optional().meta({ ...patience.meta(), fallback: "10" }),
  metric: metric.unwrap().optional().meta({ ...metric.meta(), fallback: "NDCG@10" }),
  protocol,
  validationUsers,
  keepSeen: keepSeen.unwrap().optional().meta(keepSeen.meta()!),
};

/** The command's description, with the space of the requested method, if there is one. */
function tuneSpec(asked: unknown): CommandSpec {
  const method = METHODS.find((name) => name === asked) ?? AUTOMLP;
  return {
    name: "tune",
    summary:
      "Searches for a method's best options on validation, without looking at test. If called again, it resumes.",
    positional: "[DIR]",
    options: optionsOf({ "What is tuned, and how": ownShape, "Every trial": trainingShape }),
    glossary: {
      [`Space of ${method}`]: Object.fromEntries(
        Object.entries(declaredSpace(method)).map(([key, dimension]) => [key, said(dimension)]),
      ),
    },
    examples: [
      "deno task tune --method sasrec --dataset data/mine --trials 30 --budget 1h",
      "deno task train --config results/tune-sasrec-mine/best.yaml --dataset data/mine --out runs/sasrec",
      "deno task tune --method sasrec --help",
    ],
  };
}

function said(dimension: Space[string]): string {
  if (Array.isArray(dimension)) return dimension.join(", ");
  return `${dimension.min} to ${dimension.max}${dimension.scale === "log" ? ", by order of magnitude" : ""}`;
}

/** The commands that train what was found, with the seed of its trial; AutoMLP is searched before it is trained. */
function trainingOf({ method, seed }: TuningResults, config: string, dataset: string): string[] {
  const out = `runs/${method}`,
    withSeed = seed === DEFAULT_SEED ? "" : ` --seed ${seed}`,
    given = `--config ${quoted(config)} --dataset ${quoted(dataset)} --out ${out}${withSeed}`;
  const commands = method === AUTOMLP
    ? [`deno task search ${given}`, `deno task retrain ${out}`, `deno task evaluate ${out}`]
    : [`deno task train ${given}`];
  return commands.map((command) => asCalled(command));
}

/** Runs the command; returns its exit code. */
export function main(args: string[]): Promise<number> {
  return runCommand(
    () => Promise.resolve(tuneSpec(parseCommandLine(args, tuneSpec(undefined)).values.method)),
    args,
    async ({ flags, positional, config, command, progress, signal }) => {
      const started = performance.now();
      const options = await commandOptions(z.strictObject({ ...ownShape, ...trainingShape }), config, flags);
      const { method, space: file, budget, dataset: named, ...rest } = options;
      if (method === undefined) {
        throw new InputError(`Which method? Name it with --method: ${METHODS.join(", ")}`);
      }
      const example = `deno task tune --method ${method} --dataset data/mine`;
      const folder = datasetFolder(positional, { dataset: named }, example);
      const out = options.out ?? defaultTuningFolder(method, folder), dataset = await readDataset(folder);
      const space = file === undefined ? undefined : checkSpace(method, await readConfigFile(file), file);
      const { epochs, patience, metric, protocol, validationUsers, keepSeen, ...how } = rest;
      const tuning = tune(method as MethodName, dataset, { // an invalid one is refused by name
        ...how,
        out,
        space,
        progress,
        signal,
        options: Object.fromEntries(
          Object.entries({ epochs, patience, metric, protocol, validationUsers, keepSeen }).filter((
            [, value],
          ) => value !== undefined),
        ),
        deadline: Budget.of(budget, started).end,
        command,
      });
      engineFirst();
      await tuning.run();
      if (tuning.results.complete && !tuning.best) throw nothingFound(method, tuning.results, out);
      const next = tuning.best
        ? trainingOf(tuning.results, `${out}/${TUNING_FILES.best}`, dataset.folder)
        : [];
      return {
        text: [
          String(tuning),
          ...(next.length > 0 ? [["To train it to its end:", ...next].join("\n  ")] : []),
          `Results: ${out}/${TUNING_FILES.page}`,
        ].join("\n\n"),
        json: { folder: out, ...tuning.results, best: tuning.best },
      };
    },
  );
}

if (import.meta.main) Deno.exit(await main(Deno.args));
