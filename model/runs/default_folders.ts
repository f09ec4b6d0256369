/** Default folders of what is written: the program must know them before a command does. */
import { basename, extname, join, normalize, resolve } from "node:path";
import { dataName } from "../../pipeline/contract/dataset/near_dataset.ts";
import { holdsRun } from "../../pipeline/terminal/launch/places.ts";

/**
 * Returns the default run folder for data called `name`, a known or prepared data set, or files; for the demonstration data if none is given.
 */
export const defaultRunFolder = (
  { name, dataset, data }: { name?: string; dataset?: string; data?: unknown },
): string =>
  `runs/${name ?? (dataset && basename(dataset)) ?? (data === undefined ? "demo" : nameOf(data) ?? "run")}`;

/** Folder, within a run, of the runs of other methods that were trained with it. */
export const METHODS = "methods";

/** Returns the run that contains a method's run; undefined if there is none. */
export function runAround(run: string): string | undefined {
  const around = join(run, "..", "..");
  return basename(resolve(run, "..")) === METHODS && holdsRun(around) ? around : undefined;
}

/**
 * Returns the folder for training a run's network on more of its data: on all of it, or on all but the test part. It is next to that run or, if
 * the run is a method's run within another run, next to the outer one.
 */
export function defaultRefitFolder(run: string, holdOut?: string): string {
  const around = runAround(run);
  const place = around === undefined ? nameable(run) : `${nameable(around)}-${basename(resolve(run))}`;
  return `${place}-refit${holdOut === "test" ? "-tested" : ""}`;
}

/** Returns a path to the folder that ends in its name, not in `.` or `..`. */
function nameable(folder: string): string {
  const path = normalize(folder).replace(/[/\\]+$/, "");
  return /^\.{1,2}$/.test(basename(path)) ? resolve(path) : path;
}

/** Name by the first file, as for the dataset; a table in memory has no name. */
function nameOf(data: unknown): string | undefined {
  const [path] = [data].flat();
  return typeof path === "string" && path !== "" ? dataName(path) : undefined;
}

/** The data of a plan that are named outside the plan itself. */
export interface PlanData {
  /** A prepared dataset or a known data set. */
  dataset?: string;
  /** Files. */
  data?: unknown;
}

/** Returns the folder for a plan's results, named after the plan or its file and its data, so that results on other data are next to it. */
export function defaultResultsFolder(plan: string, { dataset, data }: PlanData): string {
  const named = dataset ? basename(resolve(dataset)) : nameOf(data);
  return `results/${[basename(plan, extname(plan)), ...(named ? [named] : [])].join("-")}`;
}

/** Returns the folder of a tuning, named after its method and dataset folder, so that tunings on other data lie beside it. */
export const defaultTuningFolder = (method: string, dataset: string): string =>
  `results/tune-${method}-${basename(resolve(dataset))}`;
