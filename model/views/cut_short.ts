/**
 * What a run has on record where its search or its training has not come to its end: a budget ended it, or it was evaluated while it had been stopped.
 *
 * @module
 */
import type { RunFacts } from "../records/records.ts";

/** What a budget can end: the titles of its phases. */
const WORK = ["search", "training"] as const;
/** Work that a budget ended. */
export type CutWork = (typeof WORK)[number];

const beginning = (what: string) => `The budget ended the ${what}`;

/**
 * The warning.
 *
 * @param when As in `after 2.2 of 3 epochs`.
 * @param advice How to resume it, or why that cannot be done.
 */
export const cutWarning = (what: CutWork, when: string, advice: string): string =>
  `${beginning(what)} ${when}: all figures are provisional; ${advice}`;

/** Whether a warning is that. */
export const isOfCut = (what: CutWork, warning: string): boolean => warning.startsWith(beginning(what));

/** Of a warning that is that, when it was. */
export const whenCut = (what: CutWork, warning: string): string =>
  warning.slice(beginning(what).length + 1).split(": ")[0];

/** That warning of a run; undefined if no budget ended the work, or it was resumed since. */
export const warningOfCut = (
  what: CutWork,
  { warnings }: Pick<RunFacts, "warnings">,
): string | undefined => warnings.find((warning) => isOfCut(what, warning));

/** How the remark begins that a training was stopped, or still under way, when its run was evaluated. */
export const UNFINISHED = "Training has not come to its end";

/** What of an evaluated run has not come to its end, and nobody has resumed. */
export const cutWork = (run: Pick<RunFacts, "warnings">): CutWork[] =>
  WORK.filter((what) =>
    warningOfCut(what, run) !== undefined ||
    what === "training" && run.warnings.some((warning) => warning.startsWith(UNFINISHED))
  );
