/**
 * The ways in which configurations are gone through.
 *
 * @module
 */

/** `halving`: many for a few epochs and the better of them for more; `random`: each to its end; `grid`: all of a space. */
export const TUNERS: readonly Tuner[] = ["halving", "random", "grid"];

/** How {@link tune} goes through configurations; {@link TuneOptions} says what each does. */
export type Tuner = "halving" | "random" | "grid";
