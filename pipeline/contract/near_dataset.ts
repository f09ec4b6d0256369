/**
 * Datasets beside the place where one was looked for.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { nearestWord } from "./errors.ts";

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

/** Where a dataset folder was looked for: whether there is no such folder, or no dataset in it; and which is near. */
export const noDataset = (path: string): string =>
  existsSync(path)
    ? `there is no ${MANIFEST} in it${nearDataset(path)}`
    : `there is no such folder${nearDataset(path)}`;
