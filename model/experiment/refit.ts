/**
 * The final training of a method once it is chosen: on all of the data, for the model that will serve, or on all but the test part, to be
 * tested.
 *
 * @module
 */
import { resolve } from "node:path";
import { contextOf } from "../../pipeline/contract/context.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { goesOnBy } from "../../pipeline/contract/errors/system.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import { quoted } from "../../pipeline/terminal/quoted.ts";
import type { Adjustments } from "../records/records.ts";
import type { RunFolder } from "../runs/folder.ts";
import { holdsRun } from "../runs/free_folder.ts";
import { figuresAround, placeOfFigures } from "../runs/others.ts";
import { holdsModelAlone } from "../runs/place.ts";
import { warnOfUnfinished } from "../runs/unfinished.ts";
import { doJob, type JobPlace, type JobResult } from "./job.ts";
import type { AnyJobInput, JobSessionInput } from "./job_options.ts";
import { isAutomlp, isRefit } from "./options.ts";
import { type ReopenedRun, reopenRun, withSelected } from "./begun.ts";

/** Options of {@link refit}. */
export interface RefitOptions extends
  StageContext,
  Pick<
    JobSessionInput,
    "resume" | "budget" | "people" | "engine" | "threads" | "tensorboard"
  > {
  /** The run folder to write. */
  out: string;
  /** The part that stays held out. With `test`, the model is tested on it. Default: `none`. */
  holdOut?: "none" | "test";
  /** Number of epochs. Default: the run's best epoch. */
  epochs?: number;
  /** The folder of the run's dataset, if it has moved. */
  dataset?: string;
}

/**
 * Trains the network of a run again, from the beginning and on all interactions, including those of the validation and test parts, which
 * the run had held out for selection and measurement. So a model that will serve knows what users did last. It has the run's method,
 * options, selected length and seed, and trains for as many epochs as were best there. Nothing is left to test it on: the run's figures say
 * how good the method is.
 *
 * With `holdOut: "test"` it learns from training and validation interactions, and is tested as the run was: this shows how good the method
 * is when it knows what came just before, as a model in service does. Popularity is weighted as was best for the run on validation, as no
 * validation part is left.
 *
 * @param run A trained run, or its folder. It is not changed.
 * @returns A run of its own: `recommend`, `exportModel`, `loadModel` and `AutoMLP.load` take it like any other; `evaluate` refuses parts of
 * the data that it has learnt.
 * @throws {InputError} if the run is not trained, or is a refit itself; if the run that it started from is gone; if it has no figures, and
 * the test part is held out; if the folder holds a run, and `resume` is not given.
 * @throws {Interrupted} if `signal` is aborted; with `resume: true` it continues.
 * @example
 * ```ts
 * import { loadModel, prepare, recommend, refit, runJob } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out: `${out}/data` });
 * const { run } = await runJob(dataset, { method: "gru4rec", dim: 8, length: 10, epochs: 1 }, { out: `${out}/run` });
 * console.log(run.read("metrics")); // how good it is
 * const serving = await refit(run, { out: `${out}/serve` });
 * const { model } = await loadModel(serving.run, dataset);
 * console.log(await recommend(model, dataset, { users: ["u0001"], k: 5 }));
 * ```
 */
export async function refit(run: RunFolder | string, options: RefitOptions): Promise<JobResult> {
  const { out, dataset } = options;
  checkNoModelAlone(typeof run === "string" ? run : run.path);
  const reopened = await reopenRun(typeof run === "string" ? run : run.path, dataset);
  try {
    return await refitRun(reopened, options, { command: "refit(…)" });
  } catch (error) {
    if (holdsRun(out)) goesOnBy(error, "call refit again with resume: true");
    throw error;
  }
}

/** @throws {InputError} if a folder holds a model that a program has saved, without the options of a job that would train it again. */
export function checkNoModelAlone(path: string): void {
  if (!holdsModelAlone(path)) return;
  throw new InputError(
    `Cannot refit ${path}: it holds a model that a program saved, and no run of a job, which would say how to train it; let the program train it again on withoutHoldOut(dataset), for as many epochs as were best`,
  );
}

/**
 * Returns the epoch whose weights are the run's model.
 *
 * @throws {InputError} if the run cannot be refitted.
 */
export function refittedEpochs({ folder, options }: ReopenedRun): number {
  const about = `Cannot refit ${folder.path}: `;
  if (isRefit(options)) {
    throw new InputError(`${about}it is a refit itself; give the run that it was made from`);
  }
  folder.checkModel();
  const best = folder.read("trainHistory").findLast((record) => record.best);
  if (best) return best.epoch;
  throw new InputError(`${about}it has no record of its training, which says how many epochs are best`);
}

/**
 * Returns how much of popularity is subtracted from scores: as much as was best for the run, because nothing is left to choose it on.
 *
 * @throws {InputError} if the run was evaluated neither by itself nor with the run that contains it.
 */
export function adjustmentOf(folder: RunFolder): Adjustments {
  const metrics = folder.read("metrics") ?? figuresAround(folder);
  if (metrics) {
    return Object.fromEntries(
      Object.entries(metrics.methods).map(([name, { logitAdjustment }]) => [name, logitAdjustment]),
    );
  }
  throw new InputError(
    `Cannot refit ${folder.path} to be tested: it has no figures of its own yet, by which popularity is weighed; first: deno task evaluate ${
      quoted(folder.path)
    }`,
  );
}

/** {@link refit} of an opened run. */
export async function refitRun(
  run: ReopenedRun,
  { out, holdOut, epochs, dataset: _dataset, progress, signal, ...session }: RefitOptions,
  place: Pick<JobPlace, "command">,
): Promise<JobResult> {
  const { folder, facts, options, dataset } = run,
    best = refittedEpochs(run),
    isTested = holdOut === "test";
  const { startFrom } = options;
  if (startFrom !== undefined && !holdsRun(out) && !holdsRun(startFrom)) {
    throw new InputError(
      `Cannot refit ${folder.path}: it began with the weights of ${startFrom}, which is no longer there; restore that run, or train one that begins from fresh weights`,
    );
  }
  const told = contextOf({ progress }).progress;
  warnOfUnfinished(folder, told);
  if (options.warmStart) {
    told.warn(
      `${folder.path} began with the weights of its search; this begins with fresh ones, and may need more --epochs`,
    );
  }
  const job: AnyJobInput = {
    ...(isAutomlp(options) ? withSelected(folder, options) : options),
    trainOn: isTested ? "all-but-test" : "all",
    adjustmentOfRun: isTested ? adjustmentOf(folder) : undefined,
    epochs: epochs ?? best,
    until: isTested ? "evaluate" : "retrain",
    // Session options of the run do not apply to this one.
    resume: false,
    strict: false,
    tensorboard: undefined,
    ...session,
  };
  return await doJob(dataset, job, {
    ...place,
    out,
    named: {},
    seed: facts.seed,
    config: { refit: { of: resolve(folder.path), figuresIn: resolve(placeOfFigures(folder)) } },
    progress,
    signal,
  });
}
