/**
 * The program's version, apart from those of what it is made of: to ask for it loads nothing.
 *
 * @module
 */

/** The same as in `deno.json`. */
export const VERSION = "0.1.0";
