/**
 * The ways to try configurations.
 *
 * @module
 */

/**
 * The names of the tuners. `halving`: many configurations for a few epochs and the better of them for more; `random`: each to its end;
 * `grid`: the whole space.
 */
export const TUNERS: readonly Tuner[] = ["halving", "random", "grid"];

/** How {@link tune} tries configurations; {@link TuneOptions} says what each does. */
export type Tuner = "halving" | "random" | "grid";
