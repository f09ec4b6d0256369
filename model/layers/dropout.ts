/**
 * Dropout: what a training step leaves out at random.
 *
 * @module
 */

/** The dropout of one training step. */
export interface Dropout {
  /** Share of the elements that are set to 0; 0 if nothing is trained. */
  rate: number;
  /**
   * Returns the seed of a mask, which distinguishes the masks of one pass.
   *
   * @param place Number of the place in the network where dropout is applied.
   * @returns An unsigned 32-bit integer, the same at each call.
   */
  mask(place: number): number;
}

/** The default dropout rate, if neither the user nor the data ask for another. */
export const USUAL_DROPOUT = 0.2;

/** No dropout: everything is kept. */
export const NO_DROPOUT: Dropout = { rate: 0, mask: () => 0 };
