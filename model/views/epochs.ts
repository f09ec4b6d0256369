/**
 * How far work came, why it ended, and how it goes on, in words.
 *
 * @module
 */
import { formatCell } from "../../pipeline/display/table.ts";
import { type EpochPlace, epochsDone, isWhole } from "../records/epochs.ts";
import type {
  Architecture,
  CutShort,
  CutWork,
  RunFacts,
  RunWarning,
  Unfinished,
} from "../records/records.ts";
import { countOf } from "../../pipeline/display/text/units.ts";
import type { ReportFacts } from "../records/report_facts.ts";
import { asCalled } from "../../pipeline/terminal/called.ts";
import { quoted } from "../../pipeline/terminal/quoted.ts";

/** Epochs with one decimal, for a table: 8, 2.2. A fraction is never rounded to a whole number. */
export function roundedEpochs(done: number): number {
  const nearest = Math.round(done);
  if (Math.abs(done - nearest) < 1e-9) return nearest; // a whole number up to rounding errors
  const whole = Math.floor(done), tenths = Math.min(9, Math.max(1, Math.round(10 * (done - whole))));
  return whole + tenths / 10;
}

/** Epochs without the word, for use beside a label: `8`, `8 of 20`, `2.2 of 3`. */
export const epochCount = (done: number, most?: unknown): string =>
  formatCell(roundedEpochs(done)) + (typeof most === "number" ? ` of ${formatCell(most)}` : "");

/**
 * Epochs in words: `1 epoch`, `8 of 20 epochs`, `2.2 of 3 epochs`.
 *
 * @param done Number of epochs done.
 * @param most Maximum number of epochs, if known.
 */
export const epochsOf = (done: number, most?: unknown): string =>
  `${epochCount(done, most)} epoch${
    (typeof most === "number" ? most : roundedEpochs(done)) === 1 ? "" : "s"
  }`;

/** How far records go, from the last of them: `8 epochs`; if its epoch was cut, also out of how many: `2.2 of 3 epochs`. */
export const epochsUpTo = (last: EpochPlace, most?: unknown): string =>
  epochsOf(epochsDone(last), isWhole(last) ? undefined : most);

/** The epoch of a record: `6`; for one that was cut, `3 (20 % of it)`. */
export const epochName = (place: EpochPlace): string =>
  isWhole(place) ? formatCell(place.epoch) : `${formatCell(place.epoch)} (${shareOf(place.share!)} % of it)`;

const shareOf = (share: number): number => Math.min(99, Math.max(1, Math.round(100 * share)));

/** The note on a training that has ended while {@link isImproving} held. */
export const STILL_IMPROVING = "It was still improving in its last epoch: more may gain.";

/** Whether the last of several epochs was the best one. */
export const isImproving = <R>(records: readonly R[], best: R | undefined): boolean =>
  records.length > 1 && records.at(-1) === best;

/** A warning for a reader of the results. */
export function warningText(warning: RunWarning): string {
  switch (warning.kind) {
    case "remark":
      return warning.text;
    case "cut short":
      return `The budget ended the ${warning.phase} ${whenCut(warning)}: all figures are provisional; ${
        advice(warning)
      }`;
    case "guess":
      return `The search ended before the candidates could be compared: k = ${warning.length} has the largest α, which says little yet${
        warning.isCut ? "" : "; search for longer, or compare with --search exhaustive"
      }`;
    case "unfinished":
      return unfinishedText(warning);
  }
}

/** The warnings of a run, for readers of its results. */
export const warningTexts = ({ warnings }: Pick<RunFacts, "warnings">): string[] => warnings.map(warningText);

/** When a budget ended work, as in `after 2.2 of 3 epochs`. */
export const whenCut = (cut: Pick<CutShort, "epochs" | "of" | "trainings">): string =>
  cut.trainings === undefined
    ? `after ${epochsOf(cut.epochs!, cut.of)}`
    : `within the training of ${countOf(cut.trainings, "candidate")}`;

const advice = ({ resume, selected }: CutShort): string =>
  resume === undefined
    ? `the network is trained with k = ${selected}, which stays; to search for longer, begin another run, with another --out and more --budget`
    : `to resume: ${resume}`;

function unfinishedText({ method, trained, resume }: Unfinished): string {
  const what = `${method === undefined ? "" : `${method}: `}Training has not come to its end`;
  if (!trained) return `${what}: it has no model yet and is left out; to resume: ${resume}`;
  const { epochs, of, kept, isBest } = trained;
  return `${what} (${epochsOf(epochs, of)}): the model is that of epoch ${epochName(kept)}${
    isBest ? ", the best so far" : ""
  }; to resume: ${resume}`;
}

/** The warning about work of a run that a budget ended; undefined if none did, or it was resumed since. */
export const cutOf = (phase: CutWork, { warnings }: Pick<RunFacts, "warnings">): CutShort | undefined =>
  warnings.find((warning): warning is CutShort => warning.kind === "cut short" && warning.phase === phase);

/** The work of an evaluated run that is unfinished and was not resumed. */
export const cutWork = (run: Pick<RunFacts, "warnings">): CutWork[] => [
  ...cutOf("search", run) ? ["search" as const] : [],
  ...cutOf("training", run) || run.warnings.some(({ kind }) => kind === "unfinished")
    ? ["training" as const]
    : [],
];

/** An end before the last epoch. */
export interface EarlyEnd {
  /** Whether time ran out; otherwise there was nothing left to find out. */
  isCut: boolean;
  /** The end in words, as in `cut short by the budget after 2.2 of 60 epochs`, `ended early: its answer could no longer change`. */
  words: string;
}

const ENDS: Record<NonNullable<Architecture["ended"]>, string> = {
  "only one": "nothing to search: there is no other candidate",
  "one left": "ended early: no other candidate was left",
};

/** The end of a search that had nothing left to find out. */
export const endedEarly = (ended: NonNullable<Architecture["ended"]>): EarlyEnd => ({
  isCut: false,
  words: ENDS[ended],
});

/**
 * The end of work that ran out of time.
 *
 * @param by What limited the time, as in `the budget`.
 * @param done Number of epochs done, and their maximum.
 */
export const cutAfter = (by: string, done: { epochs: number; of: number }): EarlyEnd => ({
  isCut: true,
  words: `cut short by ${by} after ${epochsOf(done.epochs, done.of)}`,
});

/** How the search of a run ended before its last epoch, from the run's record; undefined if it did not, or has not ended. */
export function endOfSearch(
  { architecture, search, run }: {
    architecture?: Architecture;
    search: ReportFacts["search"];
    run?: Pick<ReportFacts["run"], "warnings">;
  },
): EarlyEnd | undefined {
  if (architecture?.ended) return endedEarly(architecture.ended);
  const cut = run && cutOf("search", run);
  if (!architecture || search.length === 0 || cut === undefined) return undefined;
  return { isCut: true, words: `cut short by the budget ${whenCut(cut)}` };
}

/** The command as written in a clone. */
export const resumeCommand = (name: string, run: string): string =>
  `deno task ${name} ${quoted(run)} --resume`;

/** The command that resumes only a training, also that of a refit. */
export const retrainCommand = (run: string): string => `deno task retrain ${quoted(run)}`;

/** A command that only searches, in a clone or by the installed program. */
const SEARCH = /^\S+(?: task)? search\b/;

/** The command shown when a run is stopped: a run that was only a search resumes as one, any other run of AutoMLP as the whole job. */
export function resumedRun(
  { command, sessions, config }: Pick<RunFacts, "command" | "sessions" | "config">,
  run: string,
): string {
  if (config.refit !== undefined) return asCalled(retrainCommand(run)); // a refit
  if (config.method !== "automlp") return asCalled(resumeCommand("train", run));
  const last = sessions.at(-1)?.command ?? command;
  return asCalled(resumeCommand(SEARCH.test(last) ? "search" : "pipeline", run));
}
