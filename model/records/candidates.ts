/**
 * The candidates of a search: short-term lengths, or networks that differ in other sizes too.
 *
 * @module
 */
import { type Architecture, type DroppedCandidate, type Evidence, isDropped } from "./records.ts";
import type { CandidateSizes } from "./searched_sizes.ts";

/** Candidates, as an architecture or a search has them. */
export interface Candidates {
  /** [candidates] Short-term lengths. */
  candidates: readonly number[];
  /** [candidates] Where more than the length was searched. */
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

/** What a candidate is called where nobody says which it is. */
export const numberedCandidates = (count: number): string[] =>
  Array.from({ length: count }, (_, place) => `candidate ${place + 1}`);

/** A candidate's name beside others that are no candidates: `k = 5`, `candidate 2`. */
export const candidateLabel = (name: string): string => /^\d/.test(name) ? `k = ${name}` : name;

/** All of them in words, in their order. */
export const candidateNames = ({ candidates, sizes }: Candidates): string[] =>
  candidates.map((length, place) => candidateName(length, sizes?.[place]));

/** What was selected, in words. */
export const selectedName = (
  { shortTermLength, selectedSizes }: Pick<Architecture, "shortTermLength" | "selectedSizes">,
): string => candidateName(shortTermLength, selectedSizes);

/** The place of what was selected among the candidates. */
export function selectedPlace(
  architecture: Candidates & Pick<Architecture, "shortTermLength" | "selectedSizes">,
): number {
  return candidateNames(architecture).indexOf(selectedName(architecture));
}

/** Whether a candidate is behind the best by no more than matters, or than one standard error. */
export const isAlike = ({ difference, standardError }: Evidence, practicalDifference: number): boolean =>
  difference <= practicalDifference || difference <= standardError;

/** Places of the candidates that are {@link isAlike} the best, which is one of them, ascending. */
export function alikePlaces(
  evidence: readonly Evidence[],
  practicalDifference: number,
  dropped: readonly DroppedCandidate[] = [],
): number[] {
  return evidence.flatMap((own, place) =>
    !isDropped(dropped, place) && isAlike(own, practicalDifference) ? [place] : []
  );
}
