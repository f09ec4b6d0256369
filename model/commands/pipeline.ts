/**
 * `deno task pipeline`: the main job, from raw interactions to metrics and a report.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { z } from "zod";
import { checkPreparation, prepareGroups, prepareSchema } from "../../pipeline/config.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import type { Prepared } from "../../pipeline/contract/prepared.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import type { PrepareConfig } from "../../pipeline/prepare_options.ts";
import { MANIFEST, readDataset } from "../../pipeline/contract/store.ts";
import { expandPaths } from "../../pipeline/readers/mod.ts";
import { runPreparation } from "../../pipeline/run.ts";
import { preparedDataset } from "../../pipeline/unchanged.ts";
import { runCommand } from "../../pipeline/terminal/command.ts";
import { checkGiven, givenOptions } from "../../pipeline/terminal/config.ts";
import { defaultRunFolder } from "../../pipeline/terminal/launch/run_place.ts";
import { type CommandSpec, toFlag } from "../../pipeline/terminal/options.ts";
import { quoted } from "../../pipeline/terminal/quoted.ts";
import { optionsOf } from "../../pipeline/terminal/schema_options.ts";
import { refuseRunInTheWay } from "../experiment/begin.ts";
import { Budget } from "../experiment/budget.ts";
import { underNewNames } from "../experiment/reopen.ts";
import { runMethods } from "../experiment/methods.ts";
import { describedMethod } from "../experiment/method_options.ts";
import { AUTOMLP, checkJob, jobGroups, jobShape, pick, placeShape, runShape } from "../experiment/options.ts";
import { presentJob } from "../experiment/present.ts";
import { PRESET_NAMES, PRESETS } from "../experiment/presets.ts";
import { DESCRIPTIONS } from "../methods/registry.ts";
import { datasetInside } from "../runs/dataset.ts";
import { FILES } from "../runs/files.ts";
import { RunFolder } from "../runs/folder.ts";

/** How far, and where. */
const howFar = {
  out: placeShape.out.meta({ ...placeShape.out.meta(), fallback: "runs/NAME" }),
  preset: z.enum(PRESET_NAMES).optional()
    .meta({ description: "options that suit a known data set; those that you give override them" }),
  methods: z.union([z.string(), z.array(z.string())]).transform((names) => [names].flat()).default([AUTOMLP])
    .meta({
      title: "NAME,NAME,…",
      description: `methods to train on the same data: automlp, and of the others: ${
        DESCRIPTIONS.map(({ name }) => name).join(", ")
      }`,
    }),
  until: jobShape.until,
};

/** Everything that the preparation takes, and everything that the job takes. */
const pipelineSchema = z.strictObject({ ...prepareSchema.shape, ...jobShape, ...howFar });

/** The run has a place; of the dataset's, only the name is asked for. */
const { "Where it goes": { name }, ...preparing } = prepareGroups;

const PIPELINE: CommandSpec = {
  name: "pipeline",
  summary:
    "The whole job: prepare → search → select → retrain → evaluate → report. Without --data on demonstration data.",
  options: optionsOf({
    "How far, and where": { ...howFar, ...runShape },
    ...jobGroups,
    ...Object.fromEntries(
      Object.entries(preparing).map(([title, shape]) => [
        `Preparation: ${title[0].toLowerCase()}${title.slice(1)}`,
        shape,
      ]),
    ),
    "Preparation: its name": { name },
  }),
  resumedBy(flags, config) {
    const out = String(flags.out ?? defaultRunFolder(flags));
    const isKnown = config === undefined && existsSync(join(out, FILES.run.path));
    return isKnown ? `deno task pipeline --out ${quoted(out)} --resume` : undefined;
  },
  examples: [
    "deno task pipeline",
    "deno task pipeline --data ratings.csv --out runs/mine --candidates 3,5,10,15,20",
    "deno task pipeline --dataset data/mine --out runs/mine --budget 30m",
    "deno task pipeline --out runs/mine --resume",
    "deno task pipeline --data ratings.csv --out runs/mine --methods automlp,sasrec",
  ],
};

/** Runs the command; returns its exit code. */
export function main(args: string[]): Promise<number> {
  return runCommand(PIPELINE, args, async ({ flags, positional, config, command, progress, signal }) => {
    if (positional.length > 0) {
      throw new InputError(
        `Unexpected "${
          positional[0]
        }": files are named with --data, a prepared dataset with --dataset; see deno task pipeline --help`,
      );
    }
    const started = performance.now(), given = givenOptions(config, flags);
    const options = checkGiven(pipelineSchema, given, beneath(given.values));
    const budget = Budget.of(options.budget, started);
    checkJob(options);
    const others = options.methods.filter((name) => name !== AUTOMLP).map(describedMethod);
    const out = options.out ?? defaultRunFolder(options);
    const source = isPrepared(options)
      ? preparedSource(options, given.values)
      : preparationSource(checkPreparation({ ...options, out: datasetInside(out) }));
    const folder = RunFolder.create(out, await source.files());
    const { dataset, status } = await source.open(folder, options.resume, { progress, signal });
    // What could be downloaded is there. Only a whole kind of permissions can be given up, and this is the one that is left to.
    Deno.permissions.revokeSync({ name: "net" });
    if (options.until === "dataset") return { text: String(dataset), json: { folder: dataset.folder } };
    const context = { seed: options.seed, command, progress, signal };
    const work = {
      options: pick(jobShape, options),
      given: given.values,
      others,
      out,
      config: { ...source.config, methods: options.methods, seed: options.seed },
      budget,
    };
    try {
      return presentJob(await runMethods(dataset, work, context));
    } catch (error) {
      if (error instanceof InputError) folder.removeIfBare({ dataset: status === "prepared" });
      throw error;
    }
  });
}

/** Where a run's dataset comes from. */
interface DatasetSource {
  /** What the run's record says of it. */
  config: Record<string, unknown>;
  /** What is read, which the run must not take the place of. */
  files(): Promise<readonly string[] | undefined>;
  /** The dataset, and whether it was made for the run now; where it cannot be had, nothing of a new run stays behind. */
  open(
    folder: RunFolder,
    resume: boolean,
    context: StageContext,
  ): Promise<Pick<Prepared, "dataset" | "status">>;
}

/** Whether `--dataset` is the folder of a prepared dataset, and not the name of a known one; a run remembers its whole path. */
const isPrepared = ({ dataset }: { dataset?: string }): boolean =>
  dataset !== undefined && (isAbsolute(dataset) || existsSync(join(dataset, MANIFEST)));

/**
 * A dataset that was prepared before, which stays where it is.
 *
 * @throws {InputError} if options of a preparation are given with it.
 */
function preparedSource(
  { dataset }: { dataset?: string },
  given: Record<string, unknown>,
): DatasetSource {
  const own = ["dataset", "out", "name", "seed"];
  const preparing = Object.keys(prepareSchema.shape).find((key) =>
    !own.includes(key) && given[key] !== undefined
  );
  if (preparing !== undefined) {
    throw new InputError(
      `Option --${
        toFlag(preparing)
      } is of the preparation, and the dataset in ${dataset} is prepared: leave it out, or name raw files with --data`,
    );
  }
  return {
    config: { dataset: resolve(dataset!) },
    files: () => Promise.resolve([dataset!]),
    async open(folder, resume) {
      if (folder.readRun()) refuseRunInTheWay(folder, resume);
      try {
        return { dataset: await readDataset(dataset!), status: "unchanged" };
      } catch (error) {
        folder.removeIfBare();
        throw error;
      }
    },
  };
}

/** Raw interactions, prepared into the run's folder. */
const preparationSource = (preparation: PrepareConfig): DatasetSource => ({
  config: { ...preparation },
  files: async () => preparation.data && await expandPaths(preparation.data),
  async open(folder, resume, context) {
    if (folder.readRun()) {
      refuseRunInTheWay(folder, resume);
      return { dataset: await resumedDataset(folder.path, preparation, context), status: "unchanged" };
    }
    try {
      return await runPreparation(preparation, context);
    } catch (error) {
      folder.removeIfBare();
      throw error;
    }
  },
});

/** The dataset of a run that is there already: used only to resume the run, and as it was prepared for it. */
async function resumedDataset(
  out: string,
  preparation: PrepareConfig,
  context: StageContext,
): Promise<SequenceDataset> {
  let dataset: SequenceDataset | undefined;
  try {
    dataset = await preparedDataset(preparation, context);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(
      `Cannot resume ${out}: ${error.message}; give what it was begun with, or another folder with --out`,
    );
  }
  return dataset ?? (await runPreparation(preparation, context)).dataset;
}

/** What holds where nothing is given: of a run that is resumed what it was begun with, else what a preset says. */
function beneath(given: Record<string, unknown>): Record<string, unknown> {
  const begun = given.resume === true ? begunWith(given) : undefined;
  if (!begun && given.resume === true && given.out !== undefined && !given.data && !given.dataset) {
    throw new InputError(
      `Cannot resume ${given.out}: there is no run in it that says what it was begun with; give its options again`,
    );
  }
  return begun ?? presetFor(given);
}

/** Options of one session, which the next does not take over. */
const OWN = ["out", "until", "method", "sizes", "force", "overwrite", ...Object.keys(runShape)];

/** The options that a run was begun with; undefined where none was, or its options are not known. */
function begunWith(given: Record<string, unknown>): Record<string, unknown> | undefined {
  const out = given.out ?? defaultRunFolder(given as Parameters<typeof defaultRunFolder>[0]);
  if (typeof out !== "string" || !existsSync(join(out, FILES.run.path))) return undefined;
  const known = underNewNames(RunFolder.open(out).readRun()?.config ?? {});
  if (known.data === undefined && known.dataset === undefined) return undefined;
  const shape = Object.keys(pipelineSchema.shape).filter((key) => !OWN.includes(key));
  return Object.fromEntries(shape.filter((key) => key in known).map((key) => [key, known[key]]));
}

/** What a preset says beneath what is given. Without data the job runs on the demonstration data, with its preset. */
function presetFor({ data, dataset, preset }: Record<string, unknown>): Record<string, unknown> {
  const nothing = data === undefined && dataset === undefined;
  const name = PRESET_NAMES.find((known) => known === preset) ?? (nothing ? "demo" : undefined);
  return { ...(name && PRESETS[name]), ...(nothing && { dataset: "demo" }) };
}

if (import.meta.main) Deno.exit(await main(Deno.args));
