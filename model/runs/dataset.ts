/**
 * The dataset of a run, as named in `run.json`: by its path inside the run, or by where it is.
 *
 * @module
 */
import { isAbsolute, join, relative, resolve } from "node:path";
import { InputError } from "../../pipeline/contract/errors.ts";
import { MANIFEST } from "../../pipeline/contract/dataset/near_dataset.ts";
import type { RunFacts } from "../records/records.ts";

/** The folder of a dataset that is prepared for a run. */
export const datasetInside = (run: string): string => join(run, "dataset");

/**
 * Finds a run's dataset: inside the run, even after that was moved or copied; at the same place relative to the run, in a project that was
 * moved or copied as a whole; or where it was.
 */
export function datasetFolder(run: string, { dataset: { folder, beside, hash } }: RunFacts): string {
  const was = resolve(run, folder), there = beside === undefined ? was : resolve(run, beside);
  return there === was || hashIn(there) === hash ? there : was;
}

/** The hash of the dataset in a folder; undefined if there is none that can be read. */
function hashIn(folder: string): unknown {
  try {
    return JSON.parse(Deno.readTextFileSync(join(folder, MANIFEST))).hash;
  } catch {
    return undefined;
  }
}

/**
 * How the dataset's folder is recorded: inside the run, by its path there; anywhere else, by its absolute path and its path relative to the
 * run.
 */
export function datasetPath(run: string, folder: string): Pick<RunFacts["dataset"], "folder" | "beside"> {
  const absolute = resolve(folder), below = relative(run, absolute);
  if (isAbsolute(below)) return { folder: absolute }; // on another volume
  return below.startsWith("..") ? { folder: absolute, beside: below } : { folder: below };
}

/**
 * Checks that a run is of this dataset.
 *
 * @param dataset Hash, name and folder, as in the manifest.
 * @throws {InputError} if the run's weights, search and figures are of other data.
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

/** The first digits of a hash, as shown to people. */
export const shortHash = (hash: string): string => hash.slice(0, 8);
