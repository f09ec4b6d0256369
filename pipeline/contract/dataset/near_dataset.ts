/**
 * Suggests datasets and runs near a path where none was found.
 *
 * @module
 */
import { existsSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { nearestWord } from "../errors.ts";
import { oldPath } from "../files/stage.ts";

/** The file that makes a folder a dataset. */
export const MANIFEST = "manifest.json";

/**
 * Returns ` (did you mean data/mine?)`, which suggests the dataset folder with the nearest name beside the path; empty if there is none.
 *
 * @param holds The file by which the wanted kind of folder is recognized.
 */
export function nearDataset(path: string, holds = MANIFEST): string {
  const name = basename(path),
    near = name.length > 2 ? nearestWord(name, foldersIn(dirname(path), holds)) : undefined;
  return near === undefined ? "" : ` (did you mean ${join(dirname(path), near)}?)`;
}

/** Names of such folders in a folder; none if it cannot be read. */
function foldersIn(folder: string, holds: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name)
      .filter((name) => existsSync(join(folder, name, holds)));
  } catch {
    return [];
  }
}

/** The file that makes a folder a run, and the subfolder for a dataset that was prepared for this run only. */
const RUN = "run.json", OF_RUN = "dataset";

/** The hint for a path that was expected to be a dataset but is the folder of a run; undefined if it is not a run. */
export function datasetOfRun(path: string): string | undefined {
  if (!existsSync(join(path, RUN))) return undefined;
  const own = join(path, OF_RUN);
  return existsSync(join(own, MANIFEST))
    ? `it is the folder of a run, whose dataset is ${own}: name that`
    : `it is the folder of a run, and its dataset is elsewhere: ${RUN} says where`;
}

/**
 * Returns why no dataset was found at a path: there is no such folder, or no dataset in it. Suggests a near one.
 *
 * @param holds The file by which the wanted kind of folder is recognized.
 */
export function noDataset(path: string, holds = MANIFEST): string {
  if (isFile(path)) return "it is a file, not a folder";
  if (existsSync(path)) return `there is no ${holds} in it${nearDataset(path, holds)}`;
  if (existsSync(oldPath(path))) {
    return `there is no such folder, but a kill left what was there in ${oldPath(path)}: rename that`;
  }
  return `there is no such folder${nearDataset(path, holds)}`;
}

/** The same for a run. */
export const noRun = (path: string): string => noDataset(path, RUN);

/** Says how to make a dataset where none was found: at the path, or, if that is a file, of it. */
export const makeOne = (path: string): string =>
  `make one with deno task prepare ${
    isFile(path) ? `--data ${path} --out DIR` : `--data FILE --out ${path}`
  }`;

/** Checks whether there is a file at a path where a folder is expected. */
export const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();

/** Derives a name: `logs/clicks.csv.gz` → `clicks`; a glob, `logs/*.csv` → `logs`; a cluster's table, `table:logs.clicks` → `clicks`. */
export function dataName(path: string): string {
  if (path.startsWith("table:")) return path.replace(/^.*[.:]/, "").replaceAll("`", "");
  const name = basename(path).replace(/\.gz$/, "").replace(/\.[^.]+$/, "");
  const parts = path.split(/[\\/]/).slice(0, -1).filter((part) => part !== "." && part !== "");
  return /[*?[{]/.test(name) ? parts.findLast((part) => !/[*?[{]/.test(part)) ?? "data" : name;
}
