/**
 * Where `deno task pipeline` puts a run, and `deno task experiment` and `deno task tune` their results, if it is not said: the launcher must
 * know it before the command does.
 *
 * @module
 */
import { basename, extname, resolve } from "node:path";
import { dataName } from "../../contract/dataset/data_name.ts";

/**
 * The run folder of data called `name`, of a known data set or a prepared one, of files; of the demonstration data if there is none of these.
 */
export const defaultRunFolder = (
  { name, dataset, data }: { name?: string; dataset?: string; data?: unknown },
): string =>
  `runs/${name ?? (dataset && basename(dataset)) ?? (data === undefined ? "demo" : nameOf(data) ?? "run")}`;

/** The folder of the training of a run's network on more of its data, beside that run: on all of them, or on all but those that test it. */
export const defaultRefitFolder = (run: string, holdOut?: string): string =>
  `${run.replace(/[/\\]+$/, "")}-refit${holdOut === "test" ? "-tested" : ""}`;

/** By the first of its files, as their dataset is; a table in memory has no name. */
function nameOf(data: unknown): string | undefined {
  const [path] = [data].flat();
  return typeof path === "string" && path !== "" ? dataName(path) : undefined;
}

/** What names the data of a plan beside the plan itself. */
export interface PlanData {
  /** A prepared dataset or a known data set. */
  dataset?: string;
  /** Files. */
  data?: unknown;
}

/** The folder of the results of a plan, by its name or its file, and by the data that are named beside it: those of other data lie beside each other. */
export function defaultResultsFolder(plan: string, { dataset, data }: PlanData): string {
  const named = dataset ? basename(resolve(dataset)) : nameOf(data);
  return `results/${[basename(plan, extname(plan)), ...(named ? [named] : [])].join("-")}`;
}

/** The folder of a tuning, by its method and the folder of its dataset: what was tuned on other data lies beside it. */
export const defaultTuningFolder = (method: string, dataset: string): string =>
  `results/tune-${method}-${basename(resolve(dataset))}`;
