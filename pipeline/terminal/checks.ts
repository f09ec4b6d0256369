/**
 * Running a command only to check its input: the launcher does so before it builds the engine, which takes minutes.
 *
 * @module
 */

/** The environment variable that requests it. */
export const CHECKS = "AUTOMLP_CHECKS";

/** Whether this process must only check its input. */
export const onlyChecks = (): boolean => Deno.env.get(CHECKS) !== undefined;
