/**
 * Every change of the file system is announced before it is made.
 *
 * @module
 */

let beforeChange: (change: string) => void = () => {};

/**
 * Calls `listener` before each change of the file system that a reader could notice or a kill could cut in two: what is about to
 * happen, as in "rename run.json". For measuring and testing.
 */
export function onChange(listener: (change: string) => void): void {
  beforeChange = listener;
}

/** Announces a change to the listener of {@link onChange}. */
export const announce = (change: string): void => beforeChange(change);
