/**
 * Ratings are kept as 32-bit numbers: what that does to numbers of 64 bits, the same in every engine.
 *
 * @module
 */

/** The largest of 64 bits that does not become infinite: the largest of 32, and all but half of the distance to the next one. */
export const MAX_FLOAT32 = 3.4028235677973362e38;

/** A bound of 32-bit numbers as they hold it, so that a number written as the bound is equal to it. One beyond them stays as it is. */
export const boundOfFloat32 = (bound: number): number =>
  Math.abs(bound) > MAX_FLOAT32 ? bound : Math.fround(bound);
