/**
 * The whole job: a dataset, one or more methods trained on it and evaluated side by side, and a report.
 *
 * @module
 */
import { checkPreparation, prepareSchema } from "../../pipeline/config.ts";
import { contextOf } from "../../pipeline/contract/context.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { type Prepared, tellData } from "../../pipeline/contract/dataset/prepared.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import { currentSpeech } from "../../pipeline/display/text/option_names.ts";
import { checkEngine, type EnginePlace } from "../../pipeline/scale/options.ts";
import { defaultRunFolder } from "../runs/default_folders.ts";
import { checkPrecisionOf } from "../backend/precision.ts";
import { checkProtocolOf } from "../evaluate/evaluate.ts";
import { refuseRunIn, toResume } from "../experiment/begun.ts";
import { Budget, type PhaseCost, PhaseMeter } from "../experiment/cost.ts";
import type { JobResult } from "../experiment/job.ts";
import { describedMethod } from "../experiment/method_options.ts";
import { checkOtherJobs, runMethods } from "../experiment/methods.ts";
import { AUTOMLP, checkCandidates, checkJob, jobShape, pick, wants } from "../experiment/options.ts";
import { otherStart } from "../experiment/start_from.ts";
import { withoutFeatures } from "../methods/neural.ts";
import { datasetInside } from "../runs/dataset.ts";
import { RunFolder } from "../runs/folder.ts";
import { presetNameOf, type WholeJobOptions } from "./options.ts";
import { existsSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { MANIFEST, readDataset } from "../../pipeline/contract/dataset/store.ts";
import type { PrepareConfig } from "../../pipeline/prepare_options.ts";
import { expandPaths } from "../../pipeline/readers/mod.ts";
import { runPreparation } from "../../pipeline/run.ts";
import { withSourceNames } from "../../pipeline/tables/names.ts";
import { toFlag } from "../../pipeline/display/text/to_key.ts";
import { goneSource, preparedDataset } from "../../pipeline/unchanged.ts";

/** Where a run's dataset comes from. */
export interface DatasetSource {
  /** What the run records about it. */
  config: Record<string, unknown>;
  /** The files that are read, which the run must not replace. If one is missing, this is an error before anything is created. */
  files(): Promise<readonly string[] | undefined>;
  /** Opens the dataset, and says whether it was prepared for the run now. If it cannot be opened, nothing of a new run is left behind. */
  open(
    folder: RunFolder,
    context: StageContext,
  ): Promise<Pick<Prepared, "dataset" | "status">>;
}

/**
 * Whether `--dataset` is the folder of a prepared dataset rather than the name of a known one; a run records the folder's absolute path.
 */
const isPrepared = ({ dataset }: { dataset?: string }): boolean =>
  dataset !== undefined && (isAbsolute(dataset) || existsSync(join(dataset, MANIFEST)));

/**
 * The source for a dataset that was prepared before, which stays where it is.
 *
 * @throws {InputError} if options of the preparation are given with it.
 */
function preparedSource(
  { dataset }: { dataset?: string },
  given: Record<string, unknown>,
): DatasetSource {
  const own = ["dataset", "out", "name", "seed"];
  const preparing = [...Object.keys(prepareSchema.shape), "memory"].find((key) =>
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
    files: async () => {
      await readDataset(dataset!);
      return [dataset!];
    },
    async open(folder) {
      try {
        return { dataset: await readDataset(dataset!), status: "unchanged" };
      } catch (error) {
        folder.removeIfBare();
        throw error;
      }
    },
  };
}

/**
 * The source for raw interactions, which are prepared into the run's folder.
 *
 * @param place Where the work is done.
 * @param named Whether the caller named the interactions now; otherwise, a resumed run does without files that no longer exist.
 */
function preparationSource(
  preparation: PrepareConfig,
  place: EnginePlace,
  named: boolean,
): DatasetSource {
  const gone = named ? undefined : goneSource(preparation);
  return {
    config: { ...withSourceNames(preparation) },
    files: async () =>
      gone === undefined ? preparation.data && await expandPaths(preparation.data) : undefined,
    async open(folder, context) {
      if (folder.readRun()) {
        return {
          dataset: await resumedDataset(folder.path, preparation, { ...context, place }, gone),
          status: "unchanged",
        };
      }
      try {
        return await runPreparation(preparation, { ...context, place });
      } catch (error) {
        folder.removeIfBare();
        throw error;
      }
    },
  };
}

/** The dataset of an existing run, which is used only to resume the run, as it was prepared for it. */
async function resumedDataset(
  out: string,
  preparation: PrepareConfig,
  context: StageContext & { place: EnginePlace },
  gone: string | undefined,
): Promise<SequenceDataset> {
  let dataset: SequenceDataset | undefined;
  try {
    dataset = await preparedDataset(preparation, context, gone === undefined ? "there" : "gone");
    if (gone !== undefined) {
      contextOf(context).progress.remark?.(
        `${gone} is not there: the dataset of the run is taken as it was prepared`,
      );
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(
      `Cannot resume ${out}: ${error.message}; give what it was begun with, or another folder with --out`,
    );
  }
  return dataset ?? (await runPreparation(preparation, context)).dataset;
}

/** What the job takes besides its options. */
export interface WholeJobContext extends StageContext {
  /** When it began (`performance.now()`): the budget is counted from there. */
  started: number;
  /** For the run's record. */
  command: string;
  /** Called when the dataset is ready, and nothing is left to download. */
  onDataset?: () => void;
}

/** Result of a whole job: the dataset, and the job's result unless it was asked to end with the dataset. */
export interface WholeJobResult {
  dataset: SequenceDataset;
  job?: JobResult;
}

/** Runs work and adds its cost to the result. */
async function measured<T>(work: () => Promise<T>): Promise<T & { cost: PhaseCost }> {
  using meter = new PhaseMeter();
  return { ...await work(), cost: meter.cost };
}

/** Names of the methods of the run to resume; empty if there is none. */
function methodsOnRecord(out: string, { resume }: WholeJobOptions): string[] {
  const begun = toResume({ resume, out });
  if (!begun) return [];
  const { methods = [] } = begun.config;
  return [...new Set([AUTOMLP, ...[methods as string | string[]].flat()])];
}

const sameMembers = (a: readonly string[], b: readonly string[]) =>
  a.toSorted().join() === b.toSorted().join();

/** Says what happens to a run's methods if other methods are named than it has. */
function methodsWords(had: readonly string[], now: readonly string[]): string {
  const added = now.filter((name) => !had.includes(name));
  return `The run has the methods ${had.join(", ")}, which stay${
    added.length > 0 ? `; added: ${added.join(", ")}` : ""
  }`;
}

/**
 * The error for methods named without automlp, which is not added silently: nobody should have to wait for a method that was not asked for.
 */
function withoutAutomlp(names: readonly string[]): InputError {
  const all = [AUTOMLP, ...names], [first] = names;
  const [both, alone] = currentSpeech() === "code"
    ? [`methods: [${all.map((name) => JSON.stringify(name)).join(", ")}]`, `train("${first}", dataset)`]
    : [`--methods ${all.join(",")}`, `deno task train --method ${first}`];
  return new InputError(
    `Cannot train ${
      names.join(", ")
    } without automlp: the job is AutoMLP's, and others are trained beside it; ` +
      `name it too, as in ${both}, or train a method by itself, as in ${alone}`,
  );
}

/** Another method than AutoMLP, trained beside it. */
type Other = Pick<ReturnType<typeof describedMethod>, "title" | "needsFeatures">;

/** Options that name what is read. */
const SOURCES = ["data", "dataset", "items", "users", "sequenceTimestamps"];

/** The dataset that the job prepares. What cannot be evaluated or trained on it is refused before the preparation. */
function sourceOf(
  options: WholeJobOptions,
  out: string,
  given: Record<string, unknown>,
  others: readonly Other[],
): DatasetSource {
  const preparation = checkPreparation({ ...options, out: datasetInside(out) });
  const { protocols, evalNegatives } = preparation;
  if (wants(options, "search")) {
    checkProtocolOf(evalNegatives === 0 ? [] : protocols, options.protocol, "the dataset to prepare");
  }
  // What a known dataset knows about its items is found out when it is loaded.
  if (preparation.items === undefined && preparation.dataset === undefined) refuseFeatures(options, others);
  const named = SOURCES.some((source) => given[source] !== undefined);
  return preparationSource(preparation, checkEngine({ engine: "auto", memory: options.memory }), named);
}

/** @throws {InputError} for whatever needs item features, if there will be none. */
function refuseFeatures(options: WholeJobOptions, others: readonly Other[]): void {
  const needing = others.find(({ needsFeatures }) => needsFeatures);
  if (needing && wants(options, "retrain")) throw withoutFeatures(needing.title);
  if (!options.embeddedFeatures?.length || !wants(options, "search")) return;
  throw new InputError("Option embeddedFeatures needs a table of items: name its file with --items");
}

/**
 * Checks a whole job, and returns a function that runs it.
 *
 * @param given The options that the caller named; methods other than AutoMLP take those that they have too.
 * @returns A function that throws {@link InputError} for data that cannot be used or a folder that is not free, and {@link Interrupted} if
 * `signal` is aborted; the work done is kept.
 * @throws {InputError} for options that cannot be used, missing data, or a run in the way.
 */
export async function wholeJob(
  options: WholeJobOptions,
  given: Record<string, unknown>,
): Promise<(context: WholeJobContext) => Promise<WholeJobResult>> {
  checkJob(options);
  if (options.engine && options.until !== "dataset") { // before anything is prepared
    checkPrecisionOf(options.engine, options);
  }
  checkCandidates(options, given);
  const out = options.out ?? defaultRunFolder(options), had = methodsOnRecord(out, options);
  const methods = [...new Set([AUTOMLP, ...had, ...options.methods])];
  const others = methods.filter((name) => name !== AUTOMLP).map((name) => describedMethod(name, [AUTOMLP]));
  if (had.length === 0 && !options.methods.includes(AUTOMLP)) throw withoutAutomlp(options.methods);
  const { startFrom } = options;
  if (!toResume({ ...options, out })) {
    if (startFrom === undefined) checkOtherJobs(others, given);
    else others.forEach(({ name }) => otherStart(startFrom, name));
  }
  const source = isPrepared(options) ? preparedSource(options, given) : sourceOf(options, out, given, others);
  const files = await source.files();
  refuseRunIn(out, options.resume);
  return async ({ started, command, onDataset, progress, signal }) => {
    const budget = Budget.of(options.budget, started), folder = RunFolder.create(out, files);
    const { dataset, status, cost } = await measured(() => source.open(folder, { progress, signal }));
    onDataset?.();
    if (!options.resume) tellData(dataset.manifest, contextOf({ progress }).progress);
    if (options.until === "dataset") {
      folder.removeIfBare(); // of a dataset that lies elsewhere nothing is in it
      return { dataset };
    }
    const data = { ...source.config, methods, seed: options.seed };
    if (had.length > 0 && given.methods !== undefined && !sameMembers(had, options.methods)) {
      contextOf({ progress }).progress.remark?.(methodsWords(had, methods));
    }
    const work = {
      options: pick(jobShape, options),
      given,
      others,
      out,
      data,
      budget,
      preset: presetNameOf(options),
      ...(status === "prepared" && { prepared: cost }),
    };
    try {
      return {
        dataset,
        job: await runMethods(dataset, work, { seed: options.seed, command, progress, signal }),
      };
    } catch (error) {
      if (error instanceof InputError) folder.removeIfBare({ dataset: status === "prepared" });
      throw error;
    }
  };
}
