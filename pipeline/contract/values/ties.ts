/**
 * The order of a user's interactions at the same time.
 *
 * @module
 */

/**
 * How {@link splitInteractions} orders a user's interactions at the same time: as in the source (`file`), reversed (`reverse`), for a
 * source with the newest first, or by `item` id, then rating, so that the order of the source does not matter.
 */
export type Ties = "file" | "item" | "reverse";

export const TIES = ["file", "item", "reverse"] as const satisfies readonly Ties[];
