/**
 * The runs of other methods inside a run, on the same dataset, which it is compared with.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { folderWithin } from "../../pipeline/contract/files/stage.ts";
import { METHODS, runAround } from "./default_folders.ts";
import type { RunMetrics } from "../records/records.ts";
import { FILES } from "./files.ts";
import { RunFolder } from "./folder.ts";

/** The path of another method's run inside a run. */
export const otherRunPath = (run: string, method: string): string => join(run, METHODS, method);

/**
 * The same path, for writing.
 *
 * @throws {InputError} if a link leads there.
 */
export const otherRunPlace = (run: string, method: string): string =>
  folderWithin(run, join(METHODS, method));

/** The folders of other methods' runs that exist, sorted by name. */
export function otherRunPaths(run: string): string[] {
  const folder = join(run, METHODS);
  if (!existsSync(folder)) return [];
  return [...Deno.readDirSync(folder)].filter(({ isDirectory }) => isDirectory)
    .map(({ name }) => join(folder, name)).sort();
}

/** The runs of other methods with a trained model, sorted by name; without refits, which have learnt what runs are compared on. */
export const otherRuns = ({ path }: RunFolder): RunFolder[] =>
  otherRunPaths(path).filter((run) => existsSync(join(run, FILES.weights.path)))
    .map((run) => RunFolder.open(run))
    .filter((run) => run.readRun()?.config.training.trainOn === undefined);

/** The figures of the run that contains a run; undefined if it is inside none, or they are not of its weights. */
export const figuresAround = (run: RunFolder): RunMetrics | undefined =>
  aroundWithFigures(run)?.read("metrics");

/** The folder that has the figures of a run: its own, or that of the run that contains it. */
export const placeOfFigures = (run: RunFolder): string =>
  (run.read("metrics") ? run : aroundWithFigures(run) ?? run).path;

/** The run that contains a run and has figures of its weights. */
function aroundWithFigures(run: RunFolder): RunFolder | undefined {
  const path = runAround(run.path), { title } = run.readRun()!, { weightsHash } = run;
  if (path === undefined || weightsHash === undefined) return undefined;
  const around = RunFolder.open(path);
  return around.read("metrics")?.methods[title]?.weights === weightsHash ? around : undefined;
}
