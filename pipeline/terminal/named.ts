/**
 * The folders that commands work on: a prepared dataset, given by `--dataset` or as the command's only word; a run, given as its
 * only word.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../contract/errors.ts";

/** The option of every command that works on a prepared dataset. */
export const datasetShape = {
  dataset: z.string().min(1).optional().meta({
    title: "DIR",
    description: "folder of a prepared dataset; DIR without the flag means the same",
  }),
};

/** The option of every command that works on a run: its dataset may have moved. */
export const runDatasetShape = {
  dataset: z.string().min(1).optional().meta({
    title: "DIR",
    description: "folder of the run's dataset, if it was moved",
    fallback: "as in the run",
  }),
};

/**
 * Returns the dataset folder that a command line or its configuration file names.
 *
 * @param words The words of the command line besides options.
 * @param example Example for messages, such as "deno task inspect --dataset data/mine".
 * @throws {InputError} if it names no folder, or more than one.
 */
export function datasetFolder(
  words: readonly string[],
  { dataset }: { dataset?: string },
  example: string,
): string {
  const [folder = dataset, second = dataset] = words;
  if (folder === undefined) {
    throw new InputError(`Which dataset? Name its folder with --dataset DIR, as in ${example}`);
  }
  if (words.length > 1 || folder !== (dataset ?? folder)) {
    throw new InputError(`Two datasets are named, ${folder} and ${second}: name one, as in ${example}`);
  }
  return folder;
}

/**
 * Returns the run folder that a command line names.
 *
 * @param example Example for messages, such as "deno task evaluate runs/mine".
 * @throws {InputError} if it names no folder, or more than one.
 */
export function runFolder(words: readonly string[], example: string): string {
  const [folder, second] = words;
  if (folder === undefined) throw new InputError(`Which run? Name its folder, as in ${example}`);
  if (second === undefined) return folder;
  throw new InputError(`Two runs are named, ${folder} and ${second}: name one, as in ${example}`);
}
