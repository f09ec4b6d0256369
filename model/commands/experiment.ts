/**
 * `deno task experiment`: the paper's studies, or your own plan, on one dataset.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { basename, extname } from "node:path";
import { z } from "zod";
import { didYouMean, InputError } from "../../pipeline/contract/errors.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import { kindAt } from "../../pipeline/contract/files/claim.ts";
import { readDataset } from "../../pipeline/contract/dataset/store.ts";
import { checkPreparation, prepareSchema } from "../../pipeline/config.ts";
import { expandPaths } from "../../pipeline/readers/mod.ts";
import { runPreparation } from "../../pipeline/run.ts";
import { checkConfig, checkGiven, readConfigFile } from "../../pipeline/terminal/config.ts";
import { runCommand } from "../../pipeline/terminal/command.ts";
import { defaultResultsFolder } from "../runs/default_folders.ts";
import type { CommandSpec } from "../../pipeline/terminal/options.ts";
import { quoted } from "../../pipeline/terminal/quoted.ts";
import { optionsOf } from "../../pipeline/terminal/schema_options.ts";
import { countOf } from "../../pipeline/display/text/units.ts";
import { engineFirst } from "../backend/engine_first.ts";
import { Budget } from "../experiment/cost.ts";
import { sizesShape } from "../methods/automlp/config.ts";
import { JOB_OPTIONS } from "../experiment/method_options.ts";
import { jobShape } from "../experiment/options.ts";
import { datasetInside } from "../runs/dataset.ts";
import { removeIfBare } from "../runs/place.ts";
import type { ExperimentResults } from "../records/experiment.ts";
import { type PlanName, PLANS } from "../studies/built_in_plans.ts";
import { runExperiment } from "../studies/experiment.ts";
import { studyShape } from "../studies/options.ts";
import { StudyFolder } from "../studies/study_folder.ts";
import { checkTuned, type Plan, planOf, planShape } from "../studies/plan.ts";
import type { PlanInput } from "../studies/plan_input.ts";
import { RESULT_FILES } from "../studies/write_results.ts";
import { experimentText, remarksOn } from "../views/experiment.ts";

/** How the experiment is carried out. */
const howShape = {
  out: z.string().min(1).optional().meta({
    title: "DIR",
    description: "folder of the results; an earlier one is resumed",
    fallback: "results/PLAN-DATASET, or results/PLAN where the plan's file names the data",
  }),
  ...studyShape,
};

/** Those options of the jobs that every method has and that decide how long it takes; a plan's file may have any. */
const commonShape = {
  epochs: jobShape.epochs.unwrap().optional().meta({
    ...jobShape.epochs.meta(),
    fallback: "that of the plan, or 100",
  }),
  length: sizesShape.length.meta({
    ...sizesShape.length.meta(),
    fallback: "that of the plan, or of each method",
  }),
  dim: sizesShape.dim.unwrap().optional().meta({
    ...sizesShape.dim.meta(),
    fallback: "that of the plan, or of each method",
  }),
};

/** The keys of a plan's file, besides options of the jobs. */
const fileShape = {
  ...planShape,
  ...howShape,
  /** The question in one sentence, for the head of the page. */
  question: z.string().min(1).optional(),
  /** How `data` is prepared. */
  prepare: z.record(z.string(), z.unknown()).default({}),
};

const EXPERIMENT: CommandSpec = {
  name: "experiment",
  summary:
    "Trains the methods of a plan, each with several seeds, and writes tables and a page. If called again, it resumes.",
  positional: "PLAN",
  words: Object.keys(PLANS),
  files: true,
  options: optionsOf({
    "What is compared, on what": planShape,
    "How": howShape,
    "The trainings": commonShape,
  }),
  glossary: {
    "Plans": {
      ...Object.fromEntries(Object.entries(PLANS).map(([name, { help }]) => [name, help])),
      "FILE.yaml": "your own plan: dataset or data, methods, seeds, and options of the trainings",
    },
  },
  examples: [
    "deno task experiment table2 --dataset data/mine",
    "deno task experiment table2 --dataset data/mine --methods automlp,sasrec --seeds 1,2 --epochs 5",
    "deno task experiment plan.yaml --out results/mine",
  ],
};

type FileOptions = z.output<z.ZodObject<typeof fileShape>>;

/** Merges the options of the command line and the plan's file; flags take precedence. */
async function optionsFor(
  word: string,
  flags: Record<string, unknown>,
  config: string | undefined,
): Promise<{ options: FileOptions; common: Record<string, unknown>; file?: string }> {
  const path = Object.hasOwn(PLANS, word) ? config : word,
    file = path === undefined ? {} : await readPlan(path);
  if (config !== undefined && config !== path) {
    throw new InputError(
      `Two plans are named, ${word} and ${config}: leave out --config, or name a built-in plan beside it`,
    );
  }
  if ("out" in file) throw new InputError(`Unknown key "out" in ${path}: a plan says what, --out DIR where`);
  const isOwn = (key: string) => Object.hasOwn(fileShape, key);
  const only = (isWanted: (key: string) => boolean, values: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(values).filter(([key]) => isWanted(key)));
  const values = { ...file, ...flags };
  return {
    file: path,
    options: checkGiven(z.strictObject(fileShape), {
      values: only(isOwn, values),
      flags,
      ...(path !== undefined && {
        file: { path, overridden: only((key) => isOwn(key) && Object.hasOwn(flags, key), file) },
      }),
    }),
    common: only((key) => !isOwn(key), values),
  };
}

async function readPlan(word: string): Promise<Record<string, unknown>> {
  if (existsSync(word) && Deno.statSync(word).isDirectory && kindAt(word) === "experiment") {
    throw new InputError(
      `Cannot read a plan from ${word}: it is the folder of an experiment; to go on with it, name its plan, and --out ${
        quoted(word)
      }`,
    );
  }
  if (existsSync(word) || /\.ya?ml$/i.test(word)) return await readConfigFile(word);
  throw new InputError(
    `There is no plan ${word}${didYouMean(word, Object.keys(PLANS))}: name one of ${
      Object.keys(PLANS).join(", ")
    }, or a YAML file`,
  );
}

function planFor(
  word: string,
  { question, methods: named, seeds, tune: tuning, preset }: FileOptions,
  common: Record<string, unknown>,
  dataset?: SequenceDataset,
): Plan {
  const methods = named as PlanInput["methods"] | undefined; // an invalid one is refused by name
  const preparing = Object.keys(common).find((key) =>
    Object.hasOwn(prepareSchema.shape, key) && !Object.hasOwn(jobShape, key)
  );
  if (preparing !== undefined) {
    throw new InputError(
      `Unknown option ${preparing} in the plan ${word}: options of the preparation stand under prepare, as in prepare: { ${preparing}: … }`,
    );
  }
  const unknown = Object.keys(common).find((key) => !JOB_OPTIONS.has(key));
  if (unknown !== undefined) {
    throw new InputError(
      `Unknown option ${unknown} in the plan ${word}${
        didYouMean(unknown, [...Object.keys(fileShape), ...JOB_OPTIONS])
      }`,
    );
  }
  checkTuned({ preset, tuning });
  if (Object.hasOwn(PLANS, word)) {
    const plan = PLANS[word as PlanName].make({ methods, seeds, common, preset, dataset });
    return { ...plan, tuning, ...(question !== undefined && { question }) };
  }
  if (!methods) {
    throw new InputError(`The plan ${word} names no methods: add a line such as methods: [automlp, sasrec]`);
  }
  const name = basename(word, extname(word));
  return planOf({ name, question, methods, seeds, common, preset, tune: tuning });
}

/**
 * Returns a function that gives the named dataset, or prepares one from the named data in the experiment's folder.
 *
 * @param file The plan's file, for messages.
 */
async function datasetFor(
  { dataset, data, prepare }: FileOptions,
  out: string,
  file: string | undefined,
): Promise<(context: StageContext) => Promise<SequenceDataset>> {
  if (data === undefined && dataset !== undefined && existsSync(dataset)) {
    if (Object.keys(prepare).length > 0) {
      throw new InputError(
        `The plan${
          file === undefined ? "" : ` ${file}`
        } says under prepare how data are prepared, and the dataset in ${dataset} is ` +
          "prepared: leave that out, or name raw files with --data",
      );
    }
    const prepared = await readDataset(dataset);
    return () => Promise.resolve(prepared);
  }
  if (data === undefined && dataset === undefined) {
    throw new InputError(
      "Which data? Name a prepared dataset with --dataset DIR, a known data set with --dataset NAME, or raw interactions with --data FILE",
    );
  }
  if ("out" in prepare) {
    throw new InputError(
      "Unknown key out under prepare: the dataset goes into the folder of the results, which --out names",
    );
  }
  const named = {
    ...(dataset !== undefined && { dataset }),
    ...(data !== undefined && { data: [data].flat() }),
  };
  const values = checkConfig(prepareSchema, { ...prepare, ...named, out: datasetInside(out) }, file);
  const config = checkPreparation(values);
  const files = config.data && expandPaths(config.data);
  return async (context) => {
    StudyFolder.create(out, "experiment", files)[Symbol.dispose]();
    try {
      return (await runPreparation(config, context)).dataset;
    } catch (error) {
      removeIfBare(out); // refused input leaves nothing behind
      throw error;
    }
  };
}

/** The error about trainings that failed: a script must not take the tables of the others for the complete result. */
function failureOf({ rows }: ExperimentResults, page: string): string | undefined {
  const failures = rows.flatMap(({ failures }) => failures);
  if (failures.length === 0) return undefined;
  const others = rows.reduce((sum, { cells, missing }) => sum + cells.length + missing, 0);
  const which = others === 0
    ? `None of ${countOf(failures.length, "training")} came to a result`
    : `${failures.length} of ${countOf(failures.length + others, "training")} failed`;
  return `${which} (${failures[0].message}); see ${page}; the same command tries again`;
}

/** Runs the command; returns its exit code. */
export function main(args: string[]): Promise<number> {
  return runCommand(EXPERIMENT, args, async ({ flags, positional, config, command, progress, signal }) => {
    const [word = config, second] = positional, started = performance.now();
    if (word === undefined) {
      throw new InputError(`Which plan? Name one of ${Object.keys(PLANS).join(", ")}, or a YAML file`);
    }
    if (second !== undefined) throw new InputError(`Two plans are named, ${word} and ${second}: name one`);
    const { options, common, file } = await optionsFor(word, flags, config);
    planFor(word, options, common); // errors in the plan are reported before data are prepared
    // From the same options as its permissions (mod.ts), for which no plan is read.
    const named = config === undefined ? flags as Partial<FileOptions> : options;
    const out = options.out ?? defaultResultsFolder(word, named),
      { end: deadline } = Budget.of(options.budget, started);
    const datasetOf = await datasetFor(options, out, file);
    engineFirst(common.engine as string | undefined);
    const dataset = await datasetOf({ progress, signal });
    Deno.permissions.revokeSync({ name: "net" }); // everything that could be downloaded has been
    const { jobs, tensorboard, people } = options;
    const results = await runExperiment(planFor(word, options, common, dataset), dataset, {
      out,
      jobs,
      tensorboard,
      people,
      deadline,
      command,
      progress,
      signal,
    });
    const page = `${out}/${RESULT_FILES.page}`;
    return {
      text: `${experimentText(results)}\n\nResults: ${page}`,
      json: { folder: out, ...results },
      warnings: remarksOn(results),
      failure: failureOf(results, page),
    };
  });
}

if (import.meta.main) Deno.exit(await main(Deno.args));
