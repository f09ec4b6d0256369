/**
 * How the user calls the program: texts name commands as tasks of a clone, `deno task prepare`; where it is installed, they are
 * `automlp prepare`.
 *
 * @module
 */

/** The environment variable in which a command finds what the installed program is called. */
export const CALLED = "AUTOMLP_CALLED";

/**
 * A text with its commands as the user calls them.
 *
 * @example
 * ```ts
 * import { asCalled } from "./called.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(asCalled("run deno task engine", "automlp"), "run automlp engine");
 * ```
 */
export const asCalled = (text: string, program = Deno.env.get(CALLED)): string =>
  program ? text.replace(/\bdeno task (?=[a-z])/g, `${program} `) : text;
