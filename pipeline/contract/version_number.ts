/**
 * The program's version, separate from those of its dependencies, so that reading it loads nothing.
 *
 * @module
 */

/** The program's version, the same as in `deno.json`. */
export const VERSION = "0.1.0";
