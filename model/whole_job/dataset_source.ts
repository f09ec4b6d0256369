/**
 * The source of the whole job's dataset: raw interactions, which are prepared into the run's folder, or a dataset that is already prepared.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { prepareSchema } from "../../pipeline/config.ts";
import { contextOf } from "../../pipeline/contract/context.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import type { Prepared } from "../../pipeline/contract/dataset/prepared.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import { MANIFEST, readDataset } from "../../pipeline/contract/dataset/store.ts";
import type { PrepareConfig } from "../../pipeline/prepare_options.ts";
import { expandPaths } from "../../pipeline/readers/mod.ts";
import { runPreparation } from "../../pipeline/run.ts";
import type { EnginePlace } from "../../pipeline/scale/options.ts";
import { withSourceNames } from "../../pipeline/tables/names.ts";
import { toFlag } from "../../pipeline/display/text/to_key.ts";
import { goneSource, preparedDataset } from "../../pipeline/unchanged.ts";
import type { RunFolder } from "../runs/folder.ts";

/** Where a run's dataset comes from. */
export interface DatasetSource {
  /** What the run records about it. */
  config: Record<string, unknown>;
  /** The files that are read, which the run must not replace. If one is missing, this is an error before anything is created. */
  files(): Promise<readonly string[] | undefined>;
  /** Opens the dataset, and says whether it was prepared for the run now. If it cannot be opened, nothing of a new run is left behind. */
  open(
    folder: RunFolder,
    context: StageContext,
  ): Promise<Pick<Prepared, "dataset" | "status">>;
}

/**
 * Whether `--dataset` is the folder of a prepared dataset rather than the name of a known one; a run records the folder's absolute path.
 */
export const isPrepared = ({ dataset }: { dataset?: string }): boolean =>
  dataset !== undefined && (isAbsolute(dataset) || existsSync(join(dataset, MANIFEST)));

/**
 * The source for a dataset that was prepared before, which stays where it is.
 *
 * @throws {InputError} if options of the preparation are given with it.
 */
export function preparedSource(
  { dataset }: { dataset?: string },
  given: Record<string, unknown>,
): DatasetSource {
  const own = ["dataset", "out", "name", "seed"];
  const preparing = [...Object.keys(prepareSchema.shape), "memory"].find((key) =>
    !own.includes(key) && given[key] !== undefined
  );
  if (preparing !== undefined) {
    throw new InputError(
      `Option --${
        toFlag(preparing)
      } is of the preparation, and the dataset in ${dataset} is prepared: leave it out, or name raw files with --data`,
    );
  }
  return {
    config: { dataset: resolve(dataset!) },
    files: async () => {
      await readDataset(dataset!);
      return [dataset!];
    },
    async open(folder) {
      try {
        return { dataset: await readDataset(dataset!), status: "unchanged" };
      } catch (error) {
        folder.removeIfBare();
        throw error;
      }
    },
  };
}

/**
 * The source for raw interactions, which are prepared into the run's folder.
 *
 * @param place Where the work is done.
 * @param named Whether the caller named the interactions now; otherwise, a resumed run does without files that no longer exist.
 */
export function preparationSource(
  preparation: PrepareConfig,
  place: EnginePlace,
  named: boolean,
): DatasetSource {
  const gone = named ? undefined : goneSource(preparation);
  return {
    config: { ...withSourceNames(preparation) },
    files: async () =>
      gone === undefined ? preparation.data && await expandPaths(preparation.data) : undefined,
    async open(folder, context) {
      if (folder.readRun()) {
        return {
          dataset: await resumedDataset(folder.path, preparation, { ...context, place }, gone),
          status: "unchanged",
        };
      }
      try {
        return await runPreparation(preparation, { ...context, place });
      } catch (error) {
        folder.removeIfBare();
        throw error;
      }
    },
  };
}

/** The dataset of an existing run, which is used only to resume the run, as it was prepared for it. */
async function resumedDataset(
  out: string,
  preparation: PrepareConfig,
  context: StageContext & { place: EnginePlace },
  gone: string | undefined,
): Promise<SequenceDataset> {
  let dataset: SequenceDataset | undefined;
  try {
    dataset = await preparedDataset(preparation, context, gone === undefined ? "there" : "gone");
    if (gone !== undefined) {
      contextOf(context).progress.remark?.(
        `${gone} is not there: the dataset of the run is taken as it was prepared`,
      );
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(
      `Cannot resume ${out}: ${error.message}; give what it was begun with, or another folder with --out`,
    );
  }
  return dataset ?? (await runPreparation(preparation, context)).dataset;
}
