/**
 * A job that starts from a trained run: yesterday's model learns today's data.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { readDataset } from "../../pipeline/contract/dataset/store.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { quoted } from "../../pipeline/terminal/quoted.ts";
import { readTrained } from "../methods/store.ts";
import { RunFolder } from "../runs/folder.ts";
import { holdsRun } from "../runs/free_folder.ts";
import { otherRunPath } from "../runs/others.ts";
import { requireRun } from "../runs/place.ts";
import { checkSameNetworks, type StartFrom } from "../train/start_from.ts";
import { methodOf } from "../train/methods.ts";
import { type Begun, begunIn, takenOver, toResume, withSelected } from "./begun.ts";
import { describedMethod, methodSchema } from "./method_options.ts";
import type { JobOptions } from "./job_options.ts";
import { AUTOMLP, jobShape } from "./options.ts";

/**
 * Returns the run that a job starts from, and the options that it was begun with.
 *
 * @param run Its folder.
 * @param method The method to train, if that is known.
 * @returns `config` is one flat list, like flags. AutoMLP's has the selected length and sizes, and no search.
 * @throws {InputError} if there is no run, it is of another method, it has no trained model, or its dataset is gone.
 */
export function startOf(run: string, method?: string): Begun {
  requireRun(run);
  const folder = RunFolder.open(run), begun = begunIn(run)!, { dataset } = begun;
  folder.checkModel();
  if (method !== undefined && method !== begun.method.name) {
    throw new InputError(
      `Cannot start ${
        methodOf({ method }).title
      } from ${run}: that is a run of ${begun.method.title}; start from it with its own method, as in deno task ${
        begun.method.name === AUTOMLP ? "pipeline" : `train --method ${begun.method.name}`
      } --start-from ${quoted(run)}`,
    );
  }
  if (!existsSync(dataset)) {
    throw new InputError(
      `Cannot start from ${run}: its dataset is not at ${dataset} any more, and its weights need the items of that dataset`,
    );
  }
  const { startFrom: _before, seed: _seed, ...config } = begun.config;
  return { ...begun, config: begun.method.name === AUTOMLP ? withSelected(folder, config) : config };
}

/**
 * Returns the run of another method inside the run that AutoMLP's job starts from.
 *
 * @throws {InputError} if it has none, or one that cannot be started from.
 */
export function otherStart(run: string, method: string): string {
  const other = otherRunPath(run, method);
  if (!holdsRun(other)) {
    throw new InputError(
      `Cannot start ${
        methodOf({ method }).title
      } from ${run}: it was not trained there; leave it out of --methods, or train it by itself`,
    );
  }
  return startOf(other, method).out;
}

/**
 * Returns the options of the run to start from, if a method's options name one, as defaults for them. One flat list, like flags.
 *
 * @throws {InputError} See {@link startOf}; also if a preset is named too, which would have no effect.
 */
export function beneathStart(
  method: string,
  { startFrom, preset }: Record<string, unknown>,
): Record<string, unknown> {
  if (typeof startFrom !== "string") return {};
  if (preset !== undefined) {
    throw new InputError(
      "Options --preset and --start-from do not go together: options that you leave out are taken from the run to start from; leave out --preset",
    );
  }
  return takenOver(shapeOf(method), startOf(startFrom, method).config);
}

/**
 * Completes a job's options with those of the run that it starts from, the method included. One flat list, like flags. A resumed run keeps
 * its options as it was begun.
 *
 * @param out The job's own run folder, if it has one yet.
 * @throws {InputError} See {@link startOf}.
 */
export function withStart(input: Record<string, unknown>, out?: string): Record<string, unknown> {
  const { startFrom, resume = false, method } = input;
  if (typeof startFrom !== "string") return input;
  const begun = toResume({ resume, out }) ?? startOf(startFrom, method as string | undefined);
  const { name } = begun.method;
  return { ...takenOver(shapeOf(name), begun.config), method: name, ...input };
}

/**
 * Refuses a run that cannot be started from, before anything is created. A resumed job has already started.
 *
 * @throws {InputError} See {@link startOf}; also if the run has a different number of networks than the job trains.
 */
export function checkStart({ startFrom, method, ensemble, resume }: JobOptions): void {
  if (startFrom === undefined || resume) return;
  startOf(startFrom, method);
  checkSameNetworks({ ensemble }, RunFolder.open(startFrom).readModelConfig()!.config, startFrom);
}

/** The shape of the options of a method's job. */
const shapeOf = (method: string): object =>
  method === AUTOMLP ? jobShape : methodSchema(describedMethod(method)).shape;

/**
 * Opens the model of a run, with the dataset that it learnt from.
 *
 * @param method The method that the model must be of.
 * @throws {InputError} if it is of another method, or the model or the dataset is missing or was changed after it was written.
 */
export async function openStart(run: string, method: string): Promise<StartFrom> {
  const dataset = await readDataset(startOf(run, method).dataset);
  const { learnt, ...model } = await readTrained(RunFolder.open(run), dataset);
  return { dataset: learnt, model };
}
