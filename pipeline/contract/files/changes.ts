/**
 * Announces every change to the file system before it is made.
 *
 * @module
 */

let beforeChange: (change: string) => void = () => {};

/**
 * Calls `listener` before each change to the file system that a reader could notice or a kill could interrupt, with what is about to
 * happen, as in "rename run.json". For measurements and tests.
 */
export function onChange(listener: (change: string) => void): void {
  beforeChange = listener;
}

/** Announces a change to the listener of {@link onChange}. */
export const announce = (change: string): void => beforeChange(change);
