/**
 * Datasets and runs beside the place where one was looked for.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { nearestWord } from "../errors.ts";
import { isTilde, NOT_HOME } from "../files/tilde.ts";

/** The file that makes a folder a dataset. */
export const MANIFEST = "manifest.json";

/**
 * ` (did you mean data/mine?)`: the dataset folder of a near name in the same folder, if there is one.
 *
 * @param holds The file that makes a folder what was looked for.
 */
export function nearDataset(path: string, holds = MANIFEST): string {
  const name = basename(path),
    near = name.length > 2 ? nearestWord(name, foldersIn(dirname(path), holds)) : undefined;
  return near === undefined ? "" : ` (did you mean ${join(dirname(path), near)}?)`;
}

/** The names of such folders in a folder; none where it cannot be read. */
function foldersIn(folder: string, holds: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name)
      .filter((name) => existsSync(join(folder, name, holds)));
  } catch {
    return [];
  }
}

/** The file that makes a folder a run, and the folder in it of a dataset that was prepared for it alone. */
const RUN = "run.json", OF_RUN = "dataset";

/** What is said where a dataset was looked for in the folder of a run; undefined where there is none. */
export function datasetOfRun(path: string): string | undefined {
  if (!existsSync(join(path, RUN))) return undefined;
  const own = join(path, OF_RUN);
  return existsSync(join(own, MANIFEST))
    ? `it is the folder of a run, whose dataset is ${own}: name that`
    : `it is the folder of a run, and its dataset is elsewhere: ${RUN} says where`;
}

/**
 * Where a dataset folder was looked for: whether there is no such folder, or no dataset in it; and which is near.
 *
 * @param holds The file that makes a folder what was looked for.
 */
export function noDataset(path: string, holds = MANIFEST): string {
  if (existsSync(path)) return `there is no ${holds} in it${nearDataset(path, holds)}`;
  return isTilde(path) ? NOT_HOME : `there is no such folder${nearDataset(path, holds)}`;
}

/** The same of a run. */
export const noRun = (path: string): string => noDataset(path, RUN);
