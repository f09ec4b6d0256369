/**
 * What of a network a search may compare beside the short-term length.
 *
 * @module
 */

/** Sizes of the network that a search may compare beside the short-term length. */
export const SEARCHED_SIZES = ["layers", "longLayers", "dim", "sequenceHidden", "channelHidden"] as const;
/** A size that a search may compare: one of the {@link SEARCHED_SIZES}. */
export type SearchedSize = (typeof SEARCHED_SIZES)[number];
/** The sizes of one candidate, of those that were searched: `{ layers: 1, dim: 64 }`. */
export type CandidateSizes = Partial<Record<SearchedSize, number>>;
