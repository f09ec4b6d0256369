/**
 * The candidates of a search in words.
 *
 * @module
 */
import { type Architecture, type DroppedCandidate, type Evidence, isDropped } from "./records.ts";

/** Candidates in the form used by an architecture or a search. */
export interface Candidates {
  /** [candidates] Short-term lengths. */
  lengths: readonly number[];
}

/** Names for candidates whose lengths are not known. */
export const numberedCandidates = (count: number): string[] =>
  Array.from({ length: count }, (_, place) => `candidate ${place + 1}`);

/** A candidate's label among other things that are not candidates: `k = 5`, `candidate 2`. */
export const candidateLabel = (name: string): string => /^\d/.test(name) ? `k = ${name}` : name;

/** All candidates in words, in order. */
export const candidateNames = ({ lengths }: Candidates): string[] => lengths.map(String);

/** The index of the selected candidate. */
export const selectedPlace = (
  { lengths, shortTermLength }: Pick<Architecture, "lengths" | "shortTermLength">,
): number => lengths.indexOf(shortTermLength);

/** The difference up to which candidates count as equal: a share of the best loss. */
export const practicalDifferenceOf = (evidence: readonly Evidence[], margin: number): number =>
  margin * Math.abs(Math.min(...evidence.map(({ loss }) => loss)));

/** Whether a candidate is behind the best by more than three standard errors, and by more than the practical difference. */
export const isClearlyWorse = (
  { difference, standardError }: Evidence,
  practicalDifference: number,
): boolean => difference > Math.max(3 * standardError, practicalDifference);

/** Whether a candidate is behind the best by at most the practical difference, or at most one standard error. */
export const isAlike = ({ difference, standardError }: Evidence, practicalDifference: number): boolean =>
  difference <= practicalDifference || difference <= standardError;

/** Indices, ascending, of the candidates that are {@link isAlike} the best, the best included. */
export function alikePlaces(
  evidence: readonly Evidence[],
  practicalDifference: number,
  dropped: readonly DroppedCandidate[] = [],
): number[] {
  return evidence.flatMap((own, place) =>
    !isDropped(dropped, place) && isAlike(own, practicalDifference) ? [place] : []
  );
}
