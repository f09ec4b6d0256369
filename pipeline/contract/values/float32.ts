/**
 * The conversion of 64-bit numbers to the 32-bit numbers that ratings are stored as, the same in every engine.
 *
 * @module
 */

/** The largest 64-bit number that does not become infinite: the largest 32-bit number plus just under half the distance to the next one. */
export const MAX_FLOAT32 = 3.4028235677973362e38;

/** Rounds a bound to 32 bits, so that a stored number written like the bound is equal to it. A bound beyond the 32-bit range is kept. */
export const boundOfFloat32 = (bound: number): number =>
  Math.abs(bound) > MAX_FLOAT32 ? bound : Math.fround(bound);
