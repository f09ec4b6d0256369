/**
 * The name by which the user calls the program: texts name commands as tasks of a clone, `deno task prepare`; if it is installed,
 * they are `automlp prepare`.
 *
 * @module
 */

/** The environment variable with the name of the installed program. */
export const CALLED = "AUTOMLP_CALLED";

/**
 * Rewrites the commands in a text as the user calls them.
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
