/**
 * When a candidate's lead in a search counts as clear.
 *
 * @module
 */
import type { Evidence } from "./records.ts";

/**
 * Share of the loss that a length's lasting lead must amount to in order to be clear. Two equally good candidates differed by 0.7 % at the
 * end of searches with different seeds (standard deviation; 400 users, see `bench/README.md`): two standard deviations are not chance.
 */
const CLEAR_SHARE = 0.015;

/**
 * Share of the steps so far that a candidate's head start by chance may amount to. While networks still learnt fast, two equally good ones
 * differed by what the one behind learnt in 3 % of the steps, in ten searches with different seeds, and at most in 8 % (see
 * `bench/README.md`).
 */
export const HEAD_START = 0.1;

/** The loss of the best candidate. */
export const bestLoss = (evidence: readonly Evidence[]): number =>
  Math.abs(Math.min(...evidence.map(({ loss }) => loss)));

/** The smallest clear lead, in validation loss: at least `practicalDifference`. */
export const clearLead = (evidence: readonly Evidence[], practicalDifference: number): number =>
  Math.max(practicalDifference, CLEAR_SHARE * bestLoss(evidence));

/** How much of the difference from the best will be left at the end of the search. */
export const lastingDifference = ({ difference, lasting = difference }: Evidence): number => lasting;

/**
 * The lasting difference from the best above which another seed would find it, too: the clear lead, or what a head start is worth if that
 * is more.
 */
export const leastLasting = ({ headStart = 0 }: Evidence, lead: number): number => Math.max(lead, headStart);

/** Whether another seed would also find the candidate behind the best. @param lead The {@link clearLead}. */
export const lagsClearly = (own: Evidence, lead: number): boolean =>
  lastingDifference(own) > leastLasting(own, lead);

/** Whether a candidate may be behind the best by chance: within two standard errors, or with an interval that includes 0. */
export const mayBeChance = ({ difference, standardError, interval: [low] }: Evidence): boolean =>
  low <= 0 || difference <= 2 * standardError;
