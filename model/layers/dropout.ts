/**
 * What a training step leaves out at random.
 *
 * @module
 */

/** What one training step leaves out at random. */
export interface Dropout {
  /** Share of the elements that are set to 0; 0 where nothing is trained. */
  rate: number;
  /**
   * What distinguishes the masks of one pass.
   *
   * @param place Counts the places in the network where elements are left out.
   * @returns An unsigned 32-bit integer, the same each time.
   */
  mask(place: number): number;
}

/** The share that is left out where neither somebody nor the data ask for another. */
export const USUAL_DROPOUT = 0.2;

/** Everything stays. */
export const NO_DROPOUT: Dropout = { rate: 0, mask: () => 0 };
