/**
 * Paths that begin with `~`: a shell puts the home folder in its place, but not behind `=`, as in `--out=~/x`, nor does anything else.
 *
 * @module
 */

/** Whether a path begins with it. A folder that is called so is `./~`. */
export const isTilde = (path: string): boolean => /^~(?:[/\\]|$)/.test(path);

/** What is the matter with such a path. */
export const NOT_HOME = "~ is the home folder only to a shell, and only at the beginning of a word";

/** What to do instead. */
export const WITHOUT_TILDE = "write the path of the home folder out";
