/**
 * How a command under test says which change of the file system it is about to make: a line of its own on stderr.
 *
 * @module
 */

const MARK = "\u0001change ";

/** The line for a change. */
export const changeLine = (change: string): string => `${MARK}${change}\n`;

/** The change that a line announces, or undefined for any other line. */
export const changeIn = (line: string): string | undefined =>
  line.startsWith(MARK) ? line.slice(MARK.length) : undefined;
