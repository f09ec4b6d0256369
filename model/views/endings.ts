/**
 * Why a search or a training ended before its last epoch, in words.
 *
 * @module
 */
import type { ReportFacts } from "../records/report_facts.ts";
import type { Architecture } from "../records/records.ts";
import { epochsOf } from "./epochs.ts";
import { cutOf, whenCut } from "./warnings.ts";

/** An end before the last epoch. */
export interface EarlyEnd {
  /** Whether time ran out; otherwise there was nothing left to find out. */
  isCut: boolean;
  /** The end in words, as in `cut short by the budget after 2.2 of 60 epochs`, `ended early: its answer could no longer change`. */
  words: string;
}

const EARLY = "ended early:";
const ENDS: Record<NonNullable<Architecture["ended"]>, string> = {
  "only one": "nothing to search: there is no other candidate",
  "one left": `${EARLY} no other candidate was left`,
  alike:
    `${EARLY} the candidate that is taken was within one standard error of the best, or behind it by too little to matter, look after look`,
  "same answer": `${EARLY} its answer could no longer change`,
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
