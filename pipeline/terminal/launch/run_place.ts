/**
 * Where `deno task pipeline` puts a run, and `deno task experiment` its results, if it is not said: the launcher must know it before the
 * command does.
 *
 * @module
 */
import { basename, extname } from "node:path";

/** The run folder of data called `name`, of a known data set or a prepared one, of files; of the demonstration data if there is none of these. */
export const defaultRunFolder = (
  { name, dataset, data }: { name?: string; dataset?: string; data?: unknown },
): string => `runs/${name ?? (dataset && basename(dataset)) ?? (data === undefined ? "demo" : "run")}`;

/** The folder of the results of a plan, by its name or its file. */
export const defaultResultsFolder = (plan: string): string => `results/${basename(plan, extname(plan))}`;
