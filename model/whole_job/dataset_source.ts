/**
 * Where the whole job's dataset comes from: raw interactions, which are prepared into the run's folder, or a dataset that is prepared already.
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
import type { EnginePlace } from "../../pipeline/sql/options.ts";
import { withSourceNames } from "../../pipeline/tables/names.ts";
import { toFlag } from "../../pipeline/display/text/to_key.ts";
import { goneSource, preparedDataset } from "../../pipeline/unchanged.ts";
import type { RunFolder } from "../runs/folder.ts";

/** Where a run's dataset comes from. */
export interface DatasetSource {
  /** What the run's record says of it. */
  config: Record<string, unknown>;
  /** What is read, which the run must not take the place of; where something is not there, that is an error before anything is made. */
  files(): Promise<readonly string[] | undefined>;
  /** The dataset, and whether it was made for the run now; where it cannot be had, nothing of a new run stays behind. */
  open(
    folder: RunFolder,
    context: StageContext,
  ): Promise<Pick<Prepared, "dataset" | "status">>;
}

/** Whether `--dataset` is the folder of a prepared dataset, and not the name of a known one; a run remembers its whole path. */
export const isPrepared = ({ dataset }: { dataset?: string }): boolean =>
  dataset !== undefined && (isAbsolute(dataset) || existsSync(join(dataset, MANIFEST)));

/**
 * A dataset that was prepared before, which stays where it is.
 *
 * @throws {InputError} if options of a preparation are given with it.
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
 * Raw interactions, prepared into the run's folder.
 *
 * @param place Where the work is done.
 * @param named Whether somebody named them now: otherwise a run that is resumed does without those that are not there any more.
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

/** The dataset of a run that is there already: used only to resume the run, and as it was prepared for it. */
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
