/**
 * The candidates of a search: short-term lengths, or networks that differ in other sizes too.
 *
 * @module
 */
import { type Architecture, type DroppedCandidate, type Evidence, isDropped } from "./records.ts";
import type { CandidateSizes } from "./searched_sizes.ts";

/** Candidates in the form used by an architecture or a search. */
export interface Candidates {
  /** [candidates] Short-term lengths. */
  candidates: readonly number[];
  /** [candidates] Other sizes, if more than the length was searched. */
  sizes?: readonly CandidateSizes[];
}

/** `sequence hidden` */
export const sizeWords = (size: string): string =>
  size.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** One candidate in words: `5`, or `5 (layers 1, dim 64)`. */
export function candidateName(length: number, sizes?: CandidateSizes): string {
  if (!sizes) return String(length);
  return `${length} (${
    Object.entries(sizes).map(([size, value]) => `${sizeWords(size)} ${value}`).join(", ")
  })`;
}

/** Names for candidates whose sizes are not known. */
export const numberedCandidates = (count: number): string[] =>
  Array.from({ length: count }, (_, place) => `candidate ${place + 1}`);

/** A candidate's label among other things that are not candidates: `k = 5`, `candidate 2`. */
export const candidateLabel = (name: string): string => /^\d/.test(name) ? `k = ${name}` : name;

/** All candidates in words, in order. */
export const candidateNames = ({ candidates, sizes }: Candidates): string[] =>
  candidates.map((length, place) => candidateName(length, sizes?.[place]));

/** The selected candidate, in words. */
export const selectedName = (
  { shortTermLength, selectedSizes }: Pick<Architecture, "shortTermLength" | "selectedSizes">,
): string => candidateName(shortTermLength, selectedSizes);

/** The index of the selected candidate. */
export function selectedPlace(
  architecture: Candidates & Pick<Architecture, "shortTermLength" | "selectedSizes">,
): number {
  return candidateNames(architecture).indexOf(selectedName(architecture));
}

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
