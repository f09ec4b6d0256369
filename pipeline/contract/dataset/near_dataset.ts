/**
 * Datasets beside the place where one was looked for.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { nearestWord } from "../errors.ts";

/** The file that makes a folder a dataset. */
export const MANIFEST = "manifest.json";

/** ` (did you mean data/mine?)`: the dataset folder of a near name in the same folder, if there is one. */
export function nearDataset(path: string): string {
  const name = basename(path),
    near = name.length > 2 ? nearestWord(name, datasetsIn(dirname(path))) : undefined;
  return near === undefined ? "" : ` (did you mean ${join(dirname(path), near)}?)`;
}

/** The names of dataset folders in a folder; none where it cannot be read. */
function datasetsIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name)
      .filter((name) => existsSync(join(folder, name, MANIFEST)));
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

/** Where a dataset folder was looked for: whether there is no such folder, or no dataset in it; and which is near. */
export const noDataset = (path: string): string =>
  existsSync(path)
    ? `there is no ${MANIFEST} in it${nearDataset(path)}`
    : `there is no such folder${nearDataset(path)}`;
