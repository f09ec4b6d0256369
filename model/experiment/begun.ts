/**
 * What a run was begun with: to resume it, its folder is enough.
 *
 * @module
 */
import { InputError } from "../../pipeline/contract/errors.ts";
import type { Given } from "../../pipeline/terminal/config.ts";
import { runFolder } from "../../pipeline/terminal/named.ts";
import { quoted } from "../../pipeline/terminal/quoted.ts";
import type { RunFacts } from "../records/records.ts";
import { freeFolder, holdsRun } from "../runs/free_folder.ts";
import { RunFolder } from "../runs/folder.ts";
import { requireRun } from "../runs/place.ts";
import { AUTOMLP, runShape } from "./options.ts";
import { resumeCommand, retrainCommand } from "../views/resume_command.ts";
import { underNewNames } from "./reopen.ts";

/** @throws {InputError} if a run is in the folder, and nobody said to resume it. */
export function refuseRunIn(out: string, resume: boolean): void {
  if (resume || !holdsRun(out)) return;
  throw new InputError(
    `There is a run in ${out} already: resume it with --resume, or give another folder, as in --out ${
      quoted(freeFolder(out.replace(/[/\\]+$/, "")))
    }`,
  );
}

/** What a run says of its beginning. */
export interface Begun {
  /** The run folder. */
  out: string;
  /** What is trained in it. */
  method: NonNullable<RunFacts["method"]>;
  /** The dataset's folder. */
  dataset: string;
  /** Its options in one list, as flags are, with the seed, and those of the preparation where it prepared. */
  config: Record<string, unknown>;
}

/** What the run in a folder was begun with; undefined where there is none. */
export function begunIn(out: unknown): Begun | undefined {
  if (typeof out !== "string" || !holdsRun(out)) return undefined;
  const { method = { name: AUTOMLP, title: "AutoMLP" }, dataset, config, seed } = RunFolder.open(out)
    .readRun()!;
  const { sizes, ...options } = underNewNames(config);
  return { out, method, dataset: dataset.folder, config: { ...options, ...sizes as object, seed } };
}

/**
 * The same, where the given options say that it is to be resumed.
 *
 * @throws {InputError} if it is one of {@link refit}, which has other options.
 */
export function toResume({ resume, out }: Record<string, unknown>): Begun | undefined {
  const begun = resume === true ? begunIn(out) : undefined;
  if (!begun || begun.config.trainOn === undefined) return begun;
  throw new InputError(
    `Cannot resume ${begun.out}: it is a refit; continue with ${retrainCommand(begun.out)}`,
  );
}

/** A command line, and the words in it that are no run to resume. */
export interface RunAsWord {
  given: Given;
  words: readonly string[];
}

/**
 * Takes the run that is to be resumed, where it is the command's word, for what `--out` names.
 *
 * @param words What the command line has beside options.
 * @param name As in `pipeline`.
 * @throws {InputError} for two words, a word that is no run, and a run that nobody said to resume.
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

/** Options of one session, which the next does not take over. */
const OF_ONE_SESSION = ["out", "until", "method", "sizes", "force", "overwrite", ...Object.keys(runShape)];

/** What lies beneath the options that a command is given, of which it has these: those of them that the run was begun with. */
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
 * The run that such a command is to resume; undefined where it begins one.
 *
 * @throws {InputError} if nothing but a folder is named, and no run is in it.
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

/** Why a folder alone does not say what is to be resumed. */
export const nothingBegun = (out: unknown): InputError =>
  new InputError(
    `Cannot resume ${out}: there is no run in it that records its options; give them again`,
  );

/**
 * Why a run is not resumed with other options than it was begun with.
 *
 * @param differences Each as in `--dim 8, now 9`; none where they are not known.
 */
export const begunOtherwise = (out: string, differences: readonly string[]): InputError =>
  new InputError(
    `Cannot resume ${out}: it was begun with other options${
      differences.length > 0 ? ` (${differences.join("; ")})` : ""
    }; give the same ones, or another folder with --out`,
  );

/** Why a run is not resumed that another version of the program has begun, which had more options. */
export const begunByAnother = (out: string, options: readonly string[]): InputError =>
  new InputError(
    `Cannot resume ${out}: it was begun with ${options.join(" and ")}, which this program does not have; ` +
      "go on with the version of automlp that began it, or begin another run",
  );

/**
 * Why a training does not go on as another network than it was begun with.
 *
 * @param difference As in `--seen-bias -1.5, now 0`.
 */
export const begunAsOtherNetwork = (out: string, difference: string): InputError =>
  new InputError(
    `Cannot resume ${out}: its model was trained with ${
      difference.replace(", now ", ", and this program would go on with ")
    }; go on with the version of automlp that began it, or begin another run`,
  );

/** Why a command does not resume the run of another method than it is for. */
export const begunByOther = ({ out, method: { name, title } }: Begun): InputError =>
  new InputError(
    name === AUTOMLP
      ? `Cannot resume ${out}: it is a run of AutoMLP; continue with ${resumeCommand("pipeline", out)}`
      : `Cannot resume ${out}: it is a run of ${title} alone; continue with ${resumeCommand("train", out)}`,
  );

/**
 * The command that resumes a run, once that is begun; undefined with a configuration file, whose options are not known when it is stopped.
 *
 * @param place Where the run is if neither `--out` nor, to resume it, a word says so.
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
