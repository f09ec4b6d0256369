/**
 * The warnings of a run, in words.
 *
 * @module
 */
import type { CutShort, CutWork, RunFacts, RunWarning, Unfinished } from "../records/records.ts";
import { countOf } from "../../pipeline/display/text/units.ts";
import { epochName, epochsOf } from "./epochs.ts";

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
