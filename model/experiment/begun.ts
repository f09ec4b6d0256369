/**
 * What a run was begun with, so that its folder is enough to resume it.
 *
 * @module
 */
import { InputError } from "../../pipeline/contract/errors.ts";
import type { Given } from "../../pipeline/terminal/config.ts";
import { optionName } from "../../pipeline/terminal/schema_options.ts";
import { runFolder } from "../../pipeline/terminal/named.ts";
import { quoted } from "../../pipeline/terminal/quoted.ts";
import { freeFolder, holdsRun } from "../runs/free_folder.ts";
import { RunFolder } from "../runs/folder.ts";
import { requireRun } from "../runs/place.ts";
import { AUTOMLP, recordedShape, runShape } from "./options.ts";
import { flatOptions, jobOnRecord, lastingSchema } from "./recorded.ts";
import { resumeCommand, retrainCommand } from "../views/epochs.ts";
import { existsSync } from "node:fs";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { inPlainWords, placed } from "../../pipeline/contract/options/plain_words.ts";
import { readDataset } from "../../pipeline/contract/dataset/store.ts";
import type { RunFacts } from "../records/records.ts";
import { learntAs } from "../train/train_on.ts";
import type { JobOptions } from "./job_options.ts";

/**
 * Lists the options that differ, each as in `dropout 0.2, now 0.5`.
 *
 * @param missing The text for an option that is missing on one side.
 */
export function differencesBetween(
  before: Record<string, unknown>,
  now: Record<string, unknown>,
  missing: string,
): string[] {
  // As on a command line: 1,2,3.
  const said = (value: unknown) => (Array.isArray(value) ? value.join() : JSON.stringify(value)) ?? missing;
  return [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .filter((key) => said(before[key]) !== said(now[key]))
    .map((key) => `${key} ${said(before[key])}, now ${said(now[key])}`);
}

/** Returns options by their names on a command line. */
export const asFlags = (options: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(options).map(([key, value]) => [optionName(key, recordedShape), value]));

/** @throws {InputError} if there is a run in the folder, and `resume` is not given. */
export function refuseRunIn(out: string, resume: boolean): void {
  if (resume || !holdsRun(out)) return;
  throw new InputError(
    `There is a run in ${out} already: resume it with --resume, or give another folder, as in --out ${
      quoted(freeFolder(out.replace(/[/\\]+$/, "")))
    }`,
  );
}

/** What a run was begun with, as recorded. */
export interface Begun {
  /** The run folder. */
  out: string;
  /** The method that is trained in it. */
  method: { name: string; title: string };
  /** The dataset's folder. */
  dataset: string;
  /** Its options in one flat list, like flags, with the seed, and with those of the preparation if the run prepared its dataset. */
  config: Record<string, unknown>;
}

/** Returns what the run in a folder was begun with; undefined if there is none. */
export function begunIn(out: unknown): Begun | undefined {
  if (typeof out !== "string" || !holdsRun(out)) return undefined;
  const { title, dataset, config, seed } = RunFolder.open(out).readRun()!;
  const method = { name: config.method, title };
  return { out, method, dataset: dataset.folder, config: { ...flatOptions(config), seed } };
}

/**
 * The same, if the given options say to resume it.
 *
 * @throws {InputError} if it is a run of {@link refit}, which has other options.
 */
export function toResume({ resume, out }: Record<string, unknown>): Begun | undefined {
  const begun = resume === true ? begunIn(out) : undefined;
  if (!begun || begun.config.trainOn === undefined) return begun;
  throw new InputError(
    `Cannot resume ${begun.out}: it is a refit; continue with ${retrainCommand(begun.out)}`,
  );
}

/** A command line, and the words in it that do not name a run to resume. */
export interface RunAsWord {
  given: Given;
  words: readonly string[];
}

/**
 * If the command's word names the run to resume, treats it as the value of `--out`.
 *
 * @param words The words of the command line that are not options.
 * @param name Name of the command, as in `pipeline`.
 * @throws {InputError} for two words, a word that does not name a run, and a run without `--resume`.
 */
export function runAsWord(given: Given, words: readonly string[], name: string): RunAsWord {
  const { values, flags } = given, { resume, out } = values, [word] = words;
  if (word === undefined) return { given, words };
  if (resume !== true && out === undefined) refuseRunIn(word, false);
  // With another folder for the run, the word is the dataset.
  if (resume !== true || (out ?? word) !== word) return { given, words };
  const run = runFolder(words, `deno task ${name} runs/mine --resume`);
  requireRun(run);
  return { given: { ...given, values: { ...values, out: run }, flags: { ...flags, out: run } }, words: [] };
}

/** Options of a single session, which the next does not take over. */
const OF_ONE_SESSION = ["out", "until", "method", "sizes", "force", "overwrite", ...Object.keys(runShape)];

/** The options that a run was begun with, as far as a command has them: defaults for what the command is given. */
export const takenOver = (shape: object, config: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.keys(shape).filter((key) => !OF_ONE_SESSION.includes(key) && key in config)
      .map((key) => [key, config[key]]),
  );

/**
 * What lies beneath the options of a command that works on a dataset folder, which its only word names as well as `--dataset` does.
 *
 * @param begun The run that it resumes, if it resumes one.
 */
export const beneathOnDataset = (
  shape: object,
  begun: Begun | undefined,
  words: readonly string[],
): Record<string, unknown> =>
  begun ? takenOver(shape, { ...begun.config, dataset: words.length === 0 ? begun.dataset : undefined }) : {};

/**
 * The run that such a command resumes; undefined if it begins one.
 *
 * @throws {InputError} if only a folder is named, and there is no run in it.
 */
export function toResumeOnDataset(
  values: Record<string, unknown>,
  words: readonly string[],
): Begun | undefined {
  const { resume, out, dataset } = values, begun = toResume(values);
  if (!begun && resume === true && out !== undefined && dataset === undefined && words.length === 0) {
    throw nothingBegun(out);
  }
  return begun;
}

/** The error that a folder alone does not say what to resume. */
export const nothingBegun = (out: unknown): InputError =>
  new InputError(
    `Cannot resume ${out}: there is no run in it that records its options; give them again`,
  );

/**
 * Why a run is not resumed with other options than it was begun with.
 *
 * @param differences Each as in `--dim 8, now 9`; empty if they are not known.
 */
export const begunOtherwise = (out: string, differences: readonly string[]): InputError =>
  new InputError(
    `Cannot resume ${out}: it was begun with other options${
      differences.length > 0 ? ` (${differences.join("; ")})` : ""
    }; give the same ones, or another folder with --out`,
  );

/** Why a run is not resumed that was begun by another version of the program with more options. */
export const begunByAnother = (out: string, options: readonly string[]): InputError =>
  new InputError(
    `Cannot resume ${out}: it was begun with ${options.join(" and ")}, which this program does not have; ` +
      "go on with the version of automlp that began it, or begin another run",
  );

/**
 * Why a training does not continue as another network than it was begun with.
 *
 * @param difference As in `seenBias -1.5, now 0`.
 */
export const begunAsOtherNetwork = (out: string, difference: string): InputError =>
  new InputError(
    `Cannot resume ${out}: its model was trained with ${
      difference.replace(", now ", ", and this program would go on with ")
    }; go on with the version of automlp that began it, or begin another run`,
  );

/** Why a command does not resume the run of a method that it is not for. */
export const begunByOther = ({ out, method: { name, title } }: Begun): InputError =>
  new InputError(
    name === AUTOMLP
      ? `Cannot resume ${out}: it is a run of AutoMLP; continue with ${resumeCommand("pipeline", out)}`
      : `Cannot resume ${out}: it is a run of ${title} alone; continue with ${resumeCommand("train", out)}`,
  );

/**
 * The command that resumes a run once it has begun; undefined with a configuration file, whose options are not known when it is stopped.
 *
 * @param place The run's folder if neither `--out` nor, when resuming, a word names it.
 */
export function resumedBy(
  name: string,
  { out, resume }: Record<string, unknown>,
  config: string | undefined,
  [word]: readonly string[],
  place?: string,
): string | undefined {
  const run = out ?? (resume === true ? word : undefined) ?? place;
  return config === undefined && typeof run === "string" && holdsRun(run)
    ? resumeCommand(name, run)
    : undefined;
}

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

/** Returns the run's options with the selected length, and no search. */
export function withSelected(folder: RunFolder, options: object): Record<string, unknown> {
  const { lengths: _lengths, warmStart: _searched, ...others } = options as Record<
    string,
    unknown
  >;
  const { shortTermLength } = folder.read("architecture")!;
  return { ...others, search: "none", short: shortTermLength };
}
