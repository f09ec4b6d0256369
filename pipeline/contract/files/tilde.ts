/**
 * Paths that begin with `~`. Only a shell replaces it by the home folder, and not after `=`, as in `--out=~/x`.
 *
 * @module
 */

/** Whether a path begins with `~`. A folder with this name can be given as `./~`. */
export const isTilde = (path: string): boolean => /^~(?:[/\\]|$)/.test(path);

/** What is wrong with such a path. */
export const NOT_HOME = "~ is the home folder only to a shell, and only at the beginning of a word";

/** What to do instead. */
export const WITHOUT_TILDE = "write the path of the home folder out";
