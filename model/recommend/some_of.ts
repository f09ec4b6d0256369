/**
 * Names in a message.
 *
 * @module
 */

/** The first few names. */
export const someOf = (names: readonly string[]): string =>
  names.slice(0, 5).join(", ") + (names.length > 5 ? " …" : "");
