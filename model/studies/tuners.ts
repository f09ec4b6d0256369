/**
 * The ways in which configurations are gone through.
 *
 * @module
 */

/** `halving`: many for a few epochs and the better of them for more; `random`: each to its end; `grid`: all of a space. */
export const TUNERS = ["halving", "random", "grid"] as const;
export type Tuner = (typeof TUNERS)[number];
