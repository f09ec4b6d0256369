/**
 * Names in a message.
 *
 * @module
 */

import { shortened } from "../../pipeline/display/text/shortened.ts";

/** The first few names. */
export const someOf = (names: readonly string[]): string =>
  names.slice(0, 5).map(shortened).join(", ") + (names.length > 5 ? " …" : "");
