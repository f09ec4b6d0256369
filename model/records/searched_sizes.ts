/**
 * The sizes of a network that a search may compare besides the short-term length.
 *
 * @module
 */
import type { Same } from "../../pipeline/contract/options/describes.ts";

/**
 * Sizes of the network that a search may compare besides the short-term length.
 *
 * @example
 * ```ts
 * import { SEARCHED_SIZES, type SearchedSizes } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const over: SearchedSizes = { layers: [1, 2], dim: [32, 64] }; // as --search-over layers=1:2,dim=32:64
 * assert(Object.keys(over).every((size) => (SEARCHED_SIZES as readonly string[]).includes(size)));
 * ```
 */
export const SEARCHED_SIZES = ["layers", "longLayers", "dim", "sequenceHidden", "channelHidden"] as const;
/** A size that a search may compare: one of the {@link SEARCHED_SIZES}. */
export type SearchedSize = "layers" | "longLayers" | "dim" | "sequenceHidden" | "channelHidden";
true satisfies Same<SearchedSize, (typeof SEARCHED_SIZES)[number]>;
/** One candidate's values of the sizes that were searched: `{ layers: 1, dim: 64 }`. An {@link Architecture} says which were selected. */
export type CandidateSizes = Partial<Record<SearchedSize, number>>;
