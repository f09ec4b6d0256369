/**
 * Reopens a run folder with its dataset and its options.
 *
 * @module
 */
import { existsSync } from "node:fs";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { inPlainWords, placed } from "../../pipeline/contract/options/plain_words.ts";
import { readDataset } from "../../pipeline/contract/dataset/store.ts";
import { RunFolder } from "../runs/folder.ts";
import type { RunFacts } from "../records/records.ts";
import { learntAs } from "../train/train_on.ts";
import { jobOnRecord, lastingSchema } from "./recorded.ts";
import type { JobOptions } from "./job_options.ts";

/** A run and the dataset that it was made on. */
export interface ReopenedRun {
  folder: RunFolder;
  facts: RunFacts;
  options: JobOptions;
  /** The dataset as the run uses it: for a refit, the parts that it has learnt are not held out. */
  dataset: SequenceDataset;
}

/**
 * Opens a run and its dataset.
 *
 * @param moved The dataset's folder, if it has moved.
 * @throws {InputError} if there is no run, or the dataset is gone or has changed.
 */
export async function reopenRun(path: string, moved?: string): Promise<ReopenedRun> {
  const folder = RunFolder.open(path), facts = folder.readRun()!;
  const options = lastingSchema.safeParse(jobOnRecord(facts.config), { error: inPlainWords });
  if (!options.success) {
    const { name, message } = placed(options.error.issues[0]);
    throw new InputError(
      `Cannot open the run ${path}: its option ${name} does not fit: ${message}`,
    );
  }
  const place = moved ?? facts.dataset.folder;
  if (moved === undefined && !existsSync(place)) {
    throw new InputError(
      `Cannot open the run ${path}: its dataset is not at ${place} any more; name the folder where it is now with --dataset DIR`,
    );
  }
  const dataset = await readDataset(place);
  folder.checkDataset({ ...dataset.manifest, folder: dataset.folder });
  const learnt = learntAs(dataset, options.data.trainOn);
  return { folder, facts, options: options.data, dataset: learnt };
}
