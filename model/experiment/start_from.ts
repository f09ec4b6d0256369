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
import { type Begun, begunIn, takenOver, toResume } from "./begun.ts";
import { describedMethod, methodSchema } from "./method_options.ts";
import type { JobOptions } from "./job_options.ts";
import { AUTOMLP, jobShape } from "./options.ts";
import { withSelected } from "./selected.ts";

/**
 * The run that a job is to start from, and the options that it was begun with.
 *
 * @param run Its folder.
 * @param method What is to be trained, where that is known.
 * @returns `config` in one list, as flags are. AutoMLP's has the length and the sizes that were selected, and no search.
 * @throws {InputError} if no run is there, it is of another method, it has no trained model, or its dataset is gone.
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
 * The run of another method in that of AutoMLP's job, where the job starts from that.
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
 * What lies beneath the options of a method where they name a run to start from: those of that run. In one list, as flags are.
 *
 * @throws {InputError} See {@link startOf}; if a preset is named, too, of which nothing would be left.
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
 * What a job is given, in one list, with what is not given as in the run that it starts from: its method, too. A run that is resumed has it as
 * it was begun.
 *
 * @param out The job's own run folder, where it has one yet.
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
 * Refuses a run that cannot be started from, before anything is made. A job that is resumed has started.
 *
 * @throws {InputError} See {@link startOf}; if the run has more networks than are to be trained, or fewer.
 */
export function checkStart({ startFrom, method, ensemble, resume }: JobOptions): void {
  if (startFrom === undefined || resume) return;
  startOf(startFrom, method);
  checkSameNetworks({ ensemble }, RunFolder.open(startFrom).readModelConfig()!.config, startFrom);
}

/** The options that a method's job has. */
const shapeOf = (method: string): object =>
  method === AUTOMLP ? jobShape : methodSchema(describedMethod(method)).shape;

/**
 * The model of a run, with the dataset that it learnt from.
 *
 * @param method Of which it is to be.
 * @throws {InputError} if it is of another, or one of them is not there, or not as it was written.
 */
export async function openStart(run: string, method: string): Promise<StartFrom> {
  const dataset = await readDataset(startOf(run, method).dataset);
  const { learnt, ...model } = await readTrained(RunFolder.open(run), dataset);
  return { dataset: learnt, model };
}
