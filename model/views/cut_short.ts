/**
 * The record of a search or training that is unfinished: a budget ended it, or the run was evaluated after it had been stopped.
 *
 * @module
 */
import type { RunFacts } from "../records/records.ts";

/** The work that a budget can end, by the titles of its phases. */
const WORK = ["search", "training"] as const;
/** Work that a budget ended. */
export type CutWork = (typeof WORK)[number];

const beginning = (what: string) => `The budget ended the ${what}`;

/**
 * The warning about work that a budget ended.
 *
 * @param when When it ended, as in `after 2.2 of 3 epochs`.
 * @param advice How to resume it, or why that cannot be done.
 */
export const cutWarning = (what: CutWork, when: string, advice: string): string =>
  `${beginning(what)} ${when}: all figures are provisional; ${advice}`;

/** Whether a warning is the one of `cutWarning`. */
export const isOfCut = (what: CutWork, warning: string): boolean => warning.startsWith(beginning(what));

/** When the work was ended, from such a warning. */
export const whenCut = (what: CutWork, warning: string): string =>
  warning.slice(beginning(what).length + 1).split(": ")[0];

/** Such a warning of a run; undefined if no budget ended the work, or it was resumed since. */
export const warningOfCut = (
  what: CutWork,
  { warnings }: Pick<RunFacts, "warnings">,
): string | undefined => warnings.find((warning) => isOfCut(what, warning));

/** The beginning of the remark that a training was stopped, or still under way, when its run was evaluated. */
export const UNFINISHED = "Training has not come to its end";

/** The work of an evaluated run that is unfinished and was not resumed. */
export const cutWork = (run: Pick<RunFacts, "warnings">): CutWork[] =>
  WORK.filter((what) =>
    warningOfCut(what, run) !== undefined ||
    what === "training" && run.warnings.some((warning) => warning.startsWith(UNFINISHED))
  );
