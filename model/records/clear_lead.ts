/**
 * When a candidate's lead in a search is called clear.
 *
 * @module
 */
import type { Evidence } from "./records.ts";

/**
 * Share of the loss by which a length must be ahead to be called clear, and what of the lead lasts. Two candidates that were equally good differed by
 * 0.7 % at the end of searches with other seeds (standard deviation; 400 users, see `bench/README.md`): two of that are no accident.
 */
const CLEAR_SHARE = 0.015;

/**
 * Share of the steps so far of which a candidate may have a head start by chance. Where networks still learnt fast, two that were equally good were apart
 * by what the one behind learnt in 3 % of the steps, in ten searches with other seeds; at most in 8 % (see `bench/README.md`).
 */
export const HEAD_START = 0.1;

/** The loss of the best candidate. */
export const bestLoss = (evidence: readonly Evidence[]): number =>
  Math.abs(Math.min(...evidence.map(({ loss }) => loss)));

/** The lead that is clear, in validation loss: no less than what matters, `practicalDifference`. */
export const clearLead = (evidence: readonly Evidence[], practicalDifference: number): number =>
  Math.max(practicalDifference, CLEAR_SHARE * bestLoss(evidence));

/** What of the difference to the best will be left at the end of the search. */
export const lastingDifference = ({ difference, lasting = difference }: Evidence): number => lasting;

/** What of the difference to the best has to last for another seed to find it, too: a clear lead, and more than a head start is worth. */
export const leastLasting = ({ headStart = 0 }: Evidence, lead: number): number => Math.max(lead, headStart);

/** Whether another seed would find a candidate behind the best, too. @param lead The {@link clearLead}. */
export const lagsClearly = (own: Evidence, lead: number): boolean =>
  lastingDifference(own) > leastLasting(own, lead);

/** Whether a candidate may be behind the best by chance: within two standard errors, or an interval with 0. */
export const mayBeChance = ({ difference, standardError, interval: [low] }: Evidence): boolean =>
  low <= 0 || difference <= 2 * standardError;
