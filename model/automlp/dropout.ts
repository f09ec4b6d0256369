/**
 * The places in the network where a pass applies dropout.
 *
 * @module
 */
import type { Engine } from "../backend/types.ts";
import type { Tensor } from "../backend/tensor.ts";
import type { Dropout } from "../layers/dropout.ts";

/** The places: the embedded histories, the joint representation, and the embedded newest positions of targets that share a history. */
export const PLACES = { embedded: 0, joint: 1, recent: 2 } as const;

/**
 * Applies dropout to x, in one place of the network. It is its own gradient.
 *
 * @param x Everything that flows through that place.
 */
export function drop<T extends Tensor>({ kernels }: Engine, x: T, { rate, mask }: Dropout, place: number): T {
  return rate > 0 ? kernels.dropout(x, rate, mask(place)) : x;
}
