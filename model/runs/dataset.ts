/**
 * The dataset of a run, as `run.json` names it: by its path in the run, or where it is.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { isAbsolute, join, relative, resolve } from "node:path";
import { InputError } from "../../pipeline/contract/errors.ts";
import { MANIFEST } from "../../pipeline/contract/dataset/near_dataset.ts";
import type { RunFacts } from "../records/records.ts";

/** Where the dataset of a run is that was prepared for it. */
export const datasetInside = (run: string): string => join(run, "dataset");

/**
 * Where a run's dataset is: in the run, also after it was moved or copied; from the run as it was, in a project that was moved or copied as a whole; or where
 * it was.
 */
export function datasetFolder(run: string, { version, dataset: { folder, beside, hash } }: RunFacts): string {
  const inside = datasetInside(run);
  // Earlier versions wrote absolute paths of datasets in the run, too.
  if (version < 2 && !existsSync(folder) && existsSync(inside)) return resolve(inside);
  const was = resolve(run, folder), there = beside === undefined ? was : resolve(run, beside);
  return there === was || hashIn(there) === hash ? there : was;
}

/** The hash of the dataset in a folder; undefined where there is none that may be read. */
function hashIn(folder: string): unknown {
  try {
    return JSON.parse(Deno.readTextFileSync(join(folder, MANIFEST))).hash;
  } catch {
    return undefined;
  }
}

/** How it is written: below the run as it is called there; any other absolute, and as it is called from the run. */
export function datasetPath(run: string, folder: string): Pick<RunFacts["dataset"], "folder" | "beside"> {
  const absolute = resolve(folder), below = relative(run, absolute);
  if (isAbsolute(below)) return { folder: absolute }; // on another volume
  return below.startsWith("..") ? { folder: absolute, beside: below } : { folder: below };
}

/**
 * Makes sure that a run is of this data.
 *
 * @param dataset As the manifest has it.
 * @throws {InputError} if its weights, search and figures are of other data.
 */
export function checkDataset(
  run: string,
  { dataset: own }: RunFacts,
  dataset: { hash: string; name: string; folder?: string },
): void {
  if (own.hash === dataset.hash) return;
  const isSame = dataset.folder !== undefined && resolve(dataset.folder) === resolve(own.folder);
  throw new InputError(
    `Cannot use the run ${run} with the dataset ${dataset.folder ?? dataset.name} (${
      shortHash(dataset.hash)
    }): ` +
      `it was trained on another, ${own.name} (${shortHash(own.hash)}); ` +
      (isSame
        ? "the folder has been prepared anew since: prepare it as it was, or begin another run"
        : `give ${own.folder}, or begin another run`),
  );
}

/** As much of a hash as people are shown. */
export const shortHash = (hash: string): string => hash.slice(0, 8);
